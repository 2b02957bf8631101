"""Labels of government sites (3, 7 or 10 on a page), title, description, canonical address, editions, schema.org."""

from html.parser import HTMLParser

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import clear_script_prefix, reverse, set_script_prefix

from disclosure_portal.settings import site_code
from disclosures.models import Matter
from tests.disclosures import feed_rules
from tests.disclosures.board import START, at_hour, attached, withdrawn
from tests.people import approved, correction, draft, person, released, unit

pytestmark = pytest.mark.usefixtures("house")
SITE = ["SiteName", "SiteDomain", "SiteIDCode"]
COLUMN = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"]
ARTICLE = ["ArticleTitle", "PubDate", "ContentSource"]
COLUMNS = (
    "/items/ /items/?year=2026 /focus/ /search/ /search/?q=通报 /categories/resolutions/ /units/ /units/JG/"
    " /matters/M-1/ /archive/2026/ /catalogue/ /leading-group/ /statistics/ /about/ /site-map/ /feeds/ /open-data/"
    " /feedback/ /feedback/new/ /feedback/track/ /accounts/login/"
).split()
NOT_FOR_SEARCH_ENGINES = {
    "/items/?year=2026",
    "/search/?q=通报",
    "/feedback/new/",
    "/feedback/track/",
    "/accounts/login/",
}
RULED = ('property="og:', "twitter:", "<script")


class Head(HTMLParser):
    """Labels in their order, other metas by name, links by relation, the title, and items of microdata."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.labels, self.metas, self.links, self.title, self.inside = [], {}, [], "", ""
        self.types, self.props = [], {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.inside = tag
        if tag == "meta" and "name" in given:
            if given["name"] in SITE + COLUMN + ARTICLE:
                self.labels.append(given["name"])
            assert given["name"] not in self.metas, f"{given['name']} twice"
            self.metas[given["name"]] = given["content"]
        if tag == "link" and "rel" in given:
            self.links.append((given["rel"], given.get("hreflang") or given.get("type"), given["href"]))
        if "itemtype" in given:
            self.types.append(given["itemtype"])
        if "itemprop" in given and ("content" in given or "href" in given):
            self.props.setdefault(given["itemprop"], []).append(given.get("content") or given["href"])

    def handle_data(self, data):
        if self.inside == "title":
            self.title += data

    def handle_endtag(self, tag):
        self.inside = ""


def head(client, path: str, status: int = 200) -> Head:
    response = client.get(path)
    assert response.status_code == status, path
    page = response.content.decode()
    assert not any(word in page for word in RULED), path
    return Head(page)


@pytest.fixture
def site(settings):
    settings.PORTAL_SITE_DOMAIN, settings.PORTAL_SITE_CODE = "wgxj.yueyang.gov.cn", "4306000001"


@pytest.fixture
def open_item():
    with at_hour():
        matter = Matter.objects.create(number="M-1", title="食堂改造", unit=unit("JG"))
        return released(attached(draft(matter=matter, phase="before", body='<p>食堂<b>改造</b>"开工"。</p>'))).item


def test_home_has_the_three_labels_of_the_site(client, site):
    for path in ("/", "/en/"):
        found = head(client, path)
        assert found.labels == SITE
        assert (found.metas["SiteDomain"], found.metas["SiteIDCode"]) == ("wgxj.yueyang.gov.cn", "4306000001")
        assert found.metas["description"]
        assert found.title


@pytest.mark.parametrize("path", COLUMNS)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_column_has_seven_labels_title_and_description(client, open_item, site, path, language):
    with at_hour(1):
        found = head(client, f"{language}{path}")
    assert found.labels == SITE + COLUMN
    assert all(found.metas[name].strip() for name in [*SITE, *COLUMN, "description"])
    assert found.title.partition(" · ")[0].strip()
    assert ("noindex" in found.metas.get("robots", "")) is (path in NOT_FOR_SEARCH_ENGINES)


def test_item_has_ten_labels_with_the_posting_time_of_this_place(client, open_item, site):
    with at_hour(1):
        found = head(client, open_item.get_absolute_url())
    assert found.labels == SITE + COLUMN + ARTICLE
    assert found.metas["ArticleTitle"] == open_item.title
    assert found.metas["PubDate"] == START.strftime("%Y-%m-%d %H:%M") == "2026-03-02 09:00"
    assert found.metas["ContentSource"] == "岳阳市文广新局"
    assert found.metas["description"] == '食堂改造"开工"。'


def test_afternoon_is_told_by_the_clock_of_24_hours(client):
    with at_hour(6.5):
        item = released(draft()).item
        assert head(client, item.get_absolute_url()).metas["PubDate"] == "2026-03-02 15:30"


def test_error_pages_have_the_labels_of_the_site_and_no_canonical_address(client, site, open_item):
    with at_hour(1):
        withdrawn(open_item.releases.get())
    for path, status in (("/not-there/", 404), ("/items/?year=x", 400), (open_item.get_absolute_url(), 410)):
        found = head(client, path, status)
        assert found.labels == SITE
        assert found.metas["robots"] == "noindex"
        assert not any(rel == "canonical" for rel, *_rest in found.links)


def test_domain_is_that_of_the_request_where_none_is_set(client):
    assert head(client, "/").metas["SiteDomain"] == "testserver"


def test_code_of_the_site_is_ten_digits_or_nothing():
    assert (site_code("4306000001"), site_code("")) == ("4306000001", "")
    for wrong in ("430600001", "43060000012", "430600000x", "４３０６００００１２"):
        with pytest.raises(ImproperlyConfigured):
            site_code(wrong)


def links(found: Head, rel: str) -> dict[str, str]:
    return {kind: href for said, kind, href in found.links if said == rel}


@pytest.mark.parametrize("language", ["", "/en"])
def test_page_names_its_canonical_address_and_its_editions_without_what_changes_nothing(client, open_item, language):
    path = open_item.get_absolute_url()
    with at_hour(1):
        found = head(client, f"{language}{path}?utm_source=wechat&from=x")
    assert links(found, "canonical") == {None: f"http://testserver{language}{path}"}
    alternate = links(found, "alternate")
    assert {code: alternate[code] for code in ("zh-Hans", "en", "x-default")} == {
        "zh-Hans": f"http://testserver{path}",
        "en": f"http://testserver/en{path}",
        "x-default": f"http://testserver{path}",
    }


@pytest.mark.parametrize("path", ["/items/?year=2026", "/items/?unit=JG", "/search/?q=通报"])
def test_choice_from_a_list_is_not_the_list(client, open_item, path):
    with at_hour(1):
        assert links(head(client, path), "canonical") == {}


def test_canonical_address_stands_below_the_path_prefix(client, settings, open_item):
    settings.PORTAL_PATH_PREFIX = settings.FORCE_SCRIPT_NAME = "/zwgk/dwgk"
    set_script_prefix("/zwgk/dwgk/")
    try:
        found = head(client, "/about/")
    finally:
        clear_script_prefix()
    assert links(found, "canonical") == {None: "http://testserver/zwgk/dwgk/about/"}


def test_item_is_told_to_machines_as_an_article_of_its_unit(client, open_item):
    with at_hour(1):
        approved(correction(open_item))
        found = head(client, open_item.get_absolute_url())
    assert found.types.count("https://schema.org/Article") == 1
    assert found.types.count("https://schema.org/MediaObject") == 1
    assert "https://schema.org/GovernmentOrganization" in found.types
    assert found.props["headline"] == [open_item.title]
    assert found.props["identifier"] == [open_item.number]
    assert found.props["datePublished"] == ["2026-03-02T09:00:00+08:00"]
    assert found.props["dateModified"] == ["2026-03-02T10:00:00+08:00"]
    assert found.props["mainEntityOfPage"] == [f"http://testserver{open_item.get_absolute_url()}"]
    assert links(found, "alternate")["application/json"] == reverse("disclosures:item_data", args=[open_item.number])


def test_breadcrumb_is_told_to_machines_with_places_in_order(client, open_item):
    with at_hour(1):
        found = head(client, open_item.get_absolute_url())
    assert found.types.count("https://schema.org/BreadcrumbList") == 1
    places = [int(place) for place in found.props["position"]]
    assert places == list(range(1, len(found.props["item"]) + 1))
    assert found.props["item"][-2:] == ["/items/", "/categories/resolutions/"]


@pytest.mark.parametrize("levels", [(("甲", ""), ("乙", ""), ("丙", "/")), (("甲", "/"),), (("甲", "/"), ("乙", "/"))])
def test_breadcrumb_counts_the_levels_that_lead_somewhere(client, settings, open_item, levels):
    settings.PORTAL_BREADCRUMB = levels
    with at_hour(1):
        for path in ("/", "/archive/2026/", "/feedback/answers/", open_item.get_absolute_url()):
            props = head(client, path).props
            assert [int(place) for place in props["position"]] == list(range(1, len(props["item"]) + 1)), path


def test_every_instant_told_to_machines_has_an_offset_with_a_colon(client, open_item):
    with at_hour(1):
        props = head(client, open_item.get_absolute_url()).props
    for instant in (*props["datePublished"], *props["dateModified"]):
        assert feed_rules.RFC3339.fullmatch(instant), instant


def test_home_tells_the_organisation_and_open_data_its_files(client, open_item, settings):
    assert "https://schema.org/GovernmentOrganization" in head(client, "/").types
    with at_hour(1):
        found = head(client, "/open-data/")
    assert found.types.count("https://schema.org/Dataset") == 1
    assert found.props["encodingFormat"] == ["text/csv", "application/x-ndjson"]
    assert found.props["contentUrl"] == ["/open-data/items-2026.csv", "/open-data/items-2026.jsonl"]


def test_hostile_words_stay_inside_labels_and_microdata(client):
    said = '通报"><script>pr0be()</script>'
    with at_hour():
        item = released(draft(title=said, body='<p>"&gt;&lt;img src=x&gt;</p>')).item
        found = head(client, item.get_absolute_url())
    assert found.metas["ArticleTitle"] == said
    assert found.props["headline"] == [said]
    assert found.metas["description"] == '"><img src=x>'


def test_feeds_are_found_by_readers_from_the_pages_they_belong_to(client, open_item):
    with at_hour(1):
        for path, feed in (("/", "/feeds/all/"), ("/units/JG/", "/feeds/units/JG/")):
            assert links(head(client, path), "alternate")["application/atom+xml"] == feed
        found = links(head(client, "/search/?q=党费"), "alternate")
    assert found["application/atom+xml"] == "/feeds/search/?q=%E5%85%9A%E8%B4%B9"


def test_member_sees_the_same_labels_on_pages_inside_the_party(client, site):
    with at_hour():
        item = approved(draft(audience="internal"))
        client.force_login(person("party_member"))
        page = client.get(item.get_absolute_url()).content.decode()
        assert Head(page).labels == SITE + COLUMN + ARTICLE
        assert Head(client.get("/internal/").content.decode()).labels == SITE + COLUMN
