"""Feeds and the sitemap: valid, public, with lasting ids and the instant of the last change."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from tests.disclosures.board import HOUR, START, at_hour
from tests.people import approved, branch_draft, correction, draft, released

pytestmark = pytest.mark.usefixtures("house")
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


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


def test_sitemap_names_public_pages_with_their_last_change(client):
    with at_hour():
        item = approved(draft())
        hidden = approved(draft(audience="internal"))
    with at_hour(1):
        approved(correction(item))
        root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    places = {row.findtext(f"{MAP}loc"): row.findtext(f"{MAP}lastmod") for row in root}
    assert places[f"http://testserver{item.get_absolute_url()}"] == (START + timedelta(hours=1)).isoformat()
    assert f"http://testserver{hidden.get_absolute_url()}" not in places
    assert "http://testserver/" in places
    assert not any("/internal/" in place or "/admin/" in place for place in places)
