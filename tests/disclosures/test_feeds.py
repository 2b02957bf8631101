"""Feeds: public, to the instant, with lasting ids and the instant of the last change, cheap, and asked for once."""

import html
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.http import http_date
from django.utils.translation import override

from disclosures.feeds import entries
from tests.disclosures import feed_rules
from tests.disclosures.board import CANARY, HOUR, START, at_hour, withdrawn
from tests.people import approved, branch_draft, correction, draft, released

pytestmark = pytest.mark.usefixtures("house")
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, name="feed", *args):
    response = client.get(reverse(f"disclosures:{name}", args=args))
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def test_feed_is_valid_atom_with_lasting_ids(client):
    with at_hour():
        item = approved(draft(title="一 & <二>", body="<p>正文&lt;script&gt;</p>"))
        root = feed(client)
        entry = root.find(f"{ATOM}entry")
        first_id = entry.findtext(f"{ATOM}id")
        assert first_id == f"urn:uuid:{item.uid}"
        assert entry.findtext(f"{ATOM}title") == "一 & <二>"
        assert entry.findtext(f"{ATOM}summary") == "正文&lt;script&gt;"
        assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{item.get_absolute_url()}"
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "岳阳市文广新局"
        assert root.findtext(f"{ATOM}id").startswith("http://testserver/")
    with at_hour(1):
        approved(correction(item))
        entry = feed(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == first_id
    published, updated = (entry.findtext(f"{ATOM}{name}") for name in ("published", "updated"))
    assert published == START.astimezone().isoformat() or published.startswith("2026-03-02T")
    assert updated > published


def test_feeds_of_category_and_unit_hold_their_own(client):
    with at_hour():
        released(draft(title="局通报"))
        released(branch_draft(title="支部通报"))

    def titles(*args):
        return [entry.findtext(f"{ATOM}title") for entry in feed(client, *args).iter(f"{ATOM}entry")]

    assert titles("feed") == ["支部通报", "局通报"]
    assert titles("feed_unit", "ZB01") == ["支部通报"]
    assert titles("feed_unit", "JG") == ["支部通报", "局通报"]
    assert titles("feed_category", "resolutions") == ["支部通报", "局通报"]
    assert titles("feed_category", "ideology") == []


def test_unknown_feeds_are_missing(client):
    assert client.get("/feeds/units/NONE/").status_code == 404
    assert client.get("/feeds/categories/none/").status_code == 404


def test_feed_opens_an_item_to_the_instant(client):
    with at_hour():
        released(draft(planned_public_from=START + HOUR))
    with at_hour(0.999):
        assert feed(client).find(f"{ATOM}entry") is None
    with at_hour(1):
        assert feed(client).find(f"{ATOM}entry") is not None


KINDS = ("atom", "rss", "json")
SUBJECTS = {
    "everything": ("feed", [], ""),
    "category": ("feed_category", ["resolutions"], ""),
    "unit": ("feed_unit", ["JG"], ""),
    "search": ("feed_search", [], "category=resolutions&unit=JG&year=2026&q=%E9%80%9A%E6%8A%A5"),
    "empty": ("feed_category", ["ideology"], ""),
}


def address_of(subject: str, kind: str, language: str = "zh-hans") -> str:
    name, args, query = SUBJECTS[subject]
    with override(language):
        path = reverse(f"disclosures:{name}" + ("" if kind == "atom" else "_as"), args=args + [kind] * (kind != "atom"))
    return f"{path}?{query}" if query else path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_feed_keeps_the_rules_of_the_validator(client, subject, kind, language):
    address = address_of(subject, kind, language)
    with at_hour():
        item = approved(draft(title="通报 & <二>"))
        released(draft(title="通报", body="<p>正文&lt;script&gt;&amp;amp;</p>"))
    with at_hour(1):
        approved(correction(item))
        feed_rules.check(client.get(address), kind, f"http://testserver{address}")


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words_in_every_format(client, kind):
    said = "通报<script>pr0be()</script>&amp;]]><![CDATA["
    with at_hour():
        released(draft(title=said, body="<p>&lt;img src=x onerror=pr0be()&gt; ]]&gt; &amp;lt;</p>"))
        response = client.get(address_of("everything", kind))
    feed_rules.check(response, kind, f"http://testserver{address_of('everything', kind)}")
    if kind == "json":
        assert response.json()["items"][0]["title"] == said
        return
    place = f"{ATOM}entry/{ATOM}title" if kind == "atom" else "channel/item/title"
    assert ElementTree.fromstring(response.content).findtext(place) == said
    read = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not read.bozo, read.get("bozo_exception")
    assert "<img" not in read.entries[0].summary


@pytest.mark.parametrize(("kind", "version"), [("atom", "atom10"), ("rss", "rss20")])
def test_a_real_reader_reads_it(client, kind, version):
    with at_hour():
        item = approved(draft(title="关于党费的通报", body="<p>第一段。</p><p>第二段。</p>"))
    with at_hour(1):
        approved(correction(item))
        response = client.get(address_of("everything", kind))
    read = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == version
    assert read.feed.title == "党务公开"
    (entry,) = read.entries
    assert entry.id == f"urn:uuid:{item.uid}"
    assert entry.link == f"http://testserver{item.get_absolute_url()}"
    assert (entry.title, entry.author) == ("关于党费的通报", "岳阳市文广新局")
    assert entry.published_parsed[:5] == (2026, 3, 2, 1, 0)  # nine o'clock here
    assert entry.summary == "第一段。 第二段。"
    assert entry.tags[0].term == "党组织决议、决定及执行情况"


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_last_change_never_goes_back_when_something_opens_is_corrected_or_withdrawn(client, kind, monkeypatch):
    monkeypatch.setattr(entries, "ENTRIES", 2)
    seen = []

    def look(hours):
        with at_hour(hours):
            seen.append(updated(client.get(address_of("everything", kind)), kind))

    with at_hour():
        first = approved(draft(planned_public_until=START + 9 * HOUR))
    look(0)
    with at_hour(1):
        second = approved(draft())
    look(1)
    with at_hour(2):
        approved(correction(first, planned_public_until=START + 9 * HOUR))
    look(2)
    with at_hour(3):
        withdrawn(second.releases.get())
    look(3)
    for hours in (4, 5, 6):
        with at_hour(hours):
            released(draft())
        look(hours)
    look(8.9)
    look(9)
    assert seen == [START + hours * HOUR for hours in (0, 1, 2, 3, 4, 5, 6, 6, 6)]


def updated(response, kind):
    """The instant of the last change a feed tells; JSON Feed knows none."""
    root = ElementTree.fromstring(response.content)
    if kind == "rss":
        return parsedate_to_datetime(root.findtext("channel/lastBuildDate"))
    return datetime.fromisoformat(root.findtext(f"{ATOM}updated"))


def test_withdrawal_from_a_feed_with_few_entries_is_a_change(client):
    with at_hour():
        release = released(draft())
    with at_hour(1):
        withdrawn(release)
        root = feed(client)
    assert root.find(f"{ATOM}entry") is None
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated")) == START + HOUR


@pytest.mark.parametrize("kind", KINDS)
def test_unchanged_feed_is_answered_with_304_and_a_withdrawn_item_never(client, kind):
    address = address_of("everything", kind)
    with at_hour():
        release = released(draft())
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        dated = client.get(address, headers={"If-Modified-Since": http_date(START.timestamp() + 60)})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Last-Modified" not in first.headers
    assert dated.status_code == 200
    with at_hour(0.0001):
        withdrawn(release)
        later = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert str(release.item.uid) not in later.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_member_gets_the_public_feed(client, logged_in, kind):
    with at_hour():
        approved(draft(audience="internal", title=CANARY))
        released(draft())
        stranger = client.get(address_of("everything", kind)).content
        assert logged_in("party_member").get(address_of("everything", kind)).content == stranger


@pytest.mark.parametrize(("subject", "most"), [("everything", 2), ("category", 3), ("unit", 4), ("search", 6)])
@pytest.mark.parametrize("kind", KINDS)
def test_cost_of_a_feed_is_stated_and_does_not_grow(client, subject, most, kind):
    address = address_of(subject, kind)
    with at_hour():
        released(draft())
        first = cost(client, address)
        for _more in range(3):
            released(draft())
        assert cost(client, address) == first <= most


def cost(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_feed_reads_the_beginning_of_texts_alone(client):
    with at_hour():
        released(draft(body=f"<p>{'长' * 5000}</p>"))
        with CaptureQueriesContext(connection) as queries:
            entry = feed(client).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}summary") == "长" * 200 + "…"
    assert not any('."body"' in query["sql"] for query in queries)


def test_search_feed_finds_what_its_words_and_filters_say(client):
    with at_hour():
        released(draft(title="党费通报"))
        released(branch_draft(title="党费收缴"))
        released(draft(title="别的事"))
        everything = feed(client, "feed_search")
        found = titles_of(client.get("/feeds/search/?q=党费"))
        narrowed = titles_of(client.get("/feeds/search/?q=党费&unit=ZB01"))
    assert len(everything.findall(f"{ATOM}entry")) == 3
    assert found == ["党费收缴", "党费通报"]
    assert narrowed == ["党费收缴"]


@pytest.mark.parametrize("q", ["dwgk", "党务公开", "党务 2026", "没有", "xyz"])
def test_search_feed_holds_what_the_page_that_links_it_shows(client, q):
    with at_hour():
        released(draft(title="党务公开情况", document_number="岳文〔2026〕88号"))
        released(draft(title="别的事"))
        page = client.get("/search/", {"q": q})
        linked = re.search(r'type="application/atom\+xml" title="[^"]*" href="([^"]+)"', page.content.decode())[1]
        found = client.get(html.unescape(linked))
    assert linked.startswith("/feeds/search/")
    assert titles_of(found) == [strip_tags(row.title) for row in page.context.get("rows", [])]


def test_search_feed_of_initials_tells_when_something_left_it(client):
    with at_hour():
        first = released(draft(title="党务公开情况"))
        released(draft(title="党务公开清单"))
        before = client.get("/feeds/search/?q=dwgk").content
    with at_hour(1):
        withdrawn(first)
        after = client.get("/feeds/search/?q=dwgk")
    assert titles_of(after) == ["党务公开清单"]
    assert ElementTree.fromstring(after.content).findtext(f"{ATOM}updated") != ElementTree.fromstring(before).findtext(
        f"{ATOM}updated"
    )


def titles_of(response) -> list[str]:
    root = ElementTree.fromstring(response.content)
    return [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]


@pytest.mark.parametrize(
    "query", ["after=x", "before=x", "year=20", "phase=x", "category=%00", "q=a&q=b", "q=" + "x+" * 5000]
)
def test_search_feed_refuses_what_makes_no_sense(client, query):
    for kind in KINDS:
        assert (
            client.get(f"{address_of('empty', kind).replace('categories/ideology', 'search')}?{query}").status_code
            == 400
        )


def test_search_feed_of_an_unknown_unit_or_category_is_missing(client):
    for query in ("unit=NONE", "category=none", "form=none"):
        assert client.get(f"/feeds/search/?{query}").status_code == 404


def test_feed_has_one_address_for_each_way_of_writing_a_search(client):
    with at_hour():
        asked = client.get("/feeds/search/?unit=JG&q=%20%E9%80%9A%E6%8A%A5&utm_source=x")
    links = {link.get("rel"): link.get("href") for link in ElementTree.fromstring(asked.content).iter(f"{ATOM}link")}
    assert links["self"] == "http://testserver/feeds/search/?unit=JG&q=%E9%80%9A%E6%8A%A5"
    assert links["alternate"] == "http://testserver/search/?unit=JG&q=%E9%80%9A%E6%8A%A5"


@pytest.mark.parametrize("lead", ["", "/en"])
def test_every_page_names_the_feed_that_it_links_as_the_feed_names_itself(client, lead):
    with at_hour():
        released(draft())
        for path in ("/", "/items/", "/categories/resolutions/", "/categories/ideology/", "/units/JG/", "/units/ZB01/"):
            page = client.get(f"{lead}{path}").content.decode()
            title, address = re.search(r'type="application/atom\+xml" title="([^"]*)" href="([^"]+)"', page).groups()
            said = ElementTree.fromstring(client.get(address).content).findtext(f"{ATOM}title")
            assert html.unescape(title) == said, path


def test_page_of_feeds_lists_every_category_and_unit_in_three_formats(client):
    page = client.get(reverse("disclosures:feeds")).content.decode()
    for subject in ("everything", "category", "unit", "empty"):
        for kind in KINDS:
            assert f'href="{address_of(subject, kind)}"' in page


@pytest.mark.parametrize(
    "path", ["/feeds/all/xml/", "/feeds/all/RSS/", "/feeds/units/NONE/rss/", "/feeds/search/atom/"]
)
def test_other_formats_and_subjects_are_missing(client, path):
    assert client.get(path).status_code == 404
