"""The map of the site: an index and parts cut by the calendar, public, to the instant."""

import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures import sitemaps
from disclosures.models import Release
from tests.disclosures.board import HOUR, START, at_hour, withdrawn
from tests.people import approved, correction, draft, released

pytestmark = pytest.mark.usefixtures("house")
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
MONTH = 31 * 24
MARCH = "http://testserver/sitemaps/items-2026-03.xml"
APRIL = "http://testserver/sitemaps/items-2026-04.xml"


def read(client, address="/sitemap.xml"):
    """Addresses of a map with their last changes."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(response.content)
    return {row.findtext(f"{MAP}loc"): row.findtext(f"{MAP}lastmod") for row in root}


def test_index_names_months_with_their_last_change_and_parts_name_items_with_theirs(client):
    with at_hour():
        early = released(draft())
    with at_hour(1):
        released(draft())
    with at_hour(MONTH):
        late = released(draft())
        places = read(client)
        march, april = read(client, MARCH), read(client, APRIL)
    assert list(places) == ["http://testserver/sitemaps/pages.xml", APRIL, MARCH]
    assert places[MARCH] == (START + HOUR).isoformat()
    assert places[APRIL] == (START + MONTH * HOUR).isoformat()
    assert march[f"http://testserver{early.get_absolute_url()}"] == START.isoformat()
    assert len(march) == 2
    assert list(april) == [f"http://testserver{late.get_absolute_url()}"]


def test_correction_moves_the_item_into_the_month_of_the_correction(client):
    with at_hour():
        item = approved(draft())
    with at_hour(MONTH):
        approved(correction(item))
        places = read(client)
        assert client.get(MARCH).status_code == 404
        assert read(client, APRIL) == {
            f"http://testserver{item.get_absolute_url()}": (START + MONTH * HOUR).isoformat()
        }
    assert MARCH not in places


def test_every_entry_names_both_editions(client):
    with at_hour():
        path = released(draft()).get_absolute_url()
        root = ElementTree.fromstring(client.get(MARCH).content)
    links = {link.get("hreflang"): link.get("href") for link in root.iter(LINK)}
    assert links == {"zh-Hans": f"http://testserver{path}", "en": f"http://testserver/en{path}"}


def test_hidden_and_withdrawn_items_are_in_no_part_to_the_instant(client):
    with at_hour():
        approved(draft(audience="internal"))
        coming = released(draft(planned_public_from=START + HOUR))
    with at_hour(0.999):
        assert list(read(client)) == ["http://testserver/sitemaps/pages.xml"]
        assert client.get(MARCH).status_code == 404
    with at_hour(1):
        assert list(read(client, MARCH)) == [f"http://testserver{coming.get_absolute_url()}"]
    with at_hour(2):
        withdrawn(coming)
        assert client.get(MARCH).status_code == 404


def test_month_with_more_items_than_a_part_may_name_is_listed_by_days(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "ROWS", 2)
    cache.clear()
    for hours in (0, 1, 24):
        with at_hour(hours):
            released(draft())
    with at_hour(MONTH):
        released(draft())
        assert list(read(client))[1:] == [APRIL, MARCH]
        assert len(read(client, MARCH)) == 2  # and that it holds more is known from now on
        places = read(client)
        cache.clear()
        days = [place.removeprefix("http://testserver/sitemaps/items-") for place in places][1:]
        assert days == ["2026-04.xml", "2026-03-03.xml", "2026-03-02.xml"]
        assert len(read(client, "http://testserver/sitemaps/items-2026-03-02.xml")) == 2


def test_standing_pages_are_public_ones_that_answer(client):
    places = read(client, reverse("disclosures:sitemap_pages"))
    assert "http://testserver/" in places
    assert "http://testserver/categories/resolutions/" in places
    assert not any(word in place for place in places for word in ("/internal/", "/admin/", "/accounts/"))
    assert {client.get(place).status_code for place in places} == {200}


def test_pages_that_search_engines_may_list_are_all_named(client):
    """Whatever the site map for people links, and the years of the archive; matters are linked by their items."""
    with at_hour():
        released(draft())
        places = {place.removeprefix("http://testserver") for place in read(client, "/sitemaps/pages.xml")}
        pages = [client.get(path).content.decode() for path in ("/site-map/", "/archive/")]
        linked = {path for page in pages for path in re.findall(r'<a [^>]*href="(/[^"?#]*)"', page)}
        listed = {path for path in linked if not path.startswith(("/en/", "/static/")) and is_listed(client, path)}
    assert {"/archive/2026/", "/accessibility/", "/feedback/"} <= listed
    assert listed <= places
    assert "/feedback/answers/" in places


def is_listed(client, path: str) -> bool:
    """Whether search engines may list a page."""
    response = client.get(path)
    return response.status_code == 200 and 'name="robots" content="noindex' not in response.content.decode()


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/items-2026-03.xml"])
def test_a_parameter_that_means_nothing_leads_to_the_copied_address_and_costs_nothing(client, path):
    with at_hour():
        released(draft())
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{path}?x=1")
        assert (answer.status_code, answer["Location"], len(queries)) == (301, path, 0)
        assert client.get(path).status_code == 200


def test_english_door_leads_to_the_same_map(client):
    with at_hour():
        released(draft())
        assert client.get("/en/sitemap.xml").content == client.get("/sitemap.xml").content


@pytest.mark.parametrize("span", ["2026-13", "2026-00", "2026-02-30", "1026-01", "2026-3", "2026-03-1", "2026", "x"])
def test_what_is_no_month_or_day_is_missing(client, span):
    assert client.get(f"/sitemaps/items-{span}.xml").status_code == 404


def test_cost_does_not_grow_with_items_or_months(client):
    with at_hour():
        released(draft())
        first = cost(client, "/sitemap.xml"), cost(client, MARCH)
    for months in (0, 1, 2):
        with at_hour(MONTH * months):
            released(draft())
            assert (cost(client, "/sitemap.xml"), cost(client, MARCH)) == first == (3, 1)


def cost(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_part_is_one_range_without_offset(client):
    with at_hour():
        rows = sitemaps.Span.read("2026-03").among(Release.objects.all())
        assert "OFFSET" not in str(rows.query)
        released(draft())
        with CaptureQueriesContext(connection) as queries:
            client.get(MARCH)
    asked = queries[0]["sql"]
    assert "OFFSET" not in asked
    assert f"LIMIT {sitemaps.ROWS + 1}" in asked


def test_unchanged_map_is_not_sent_again(client):
    with at_hour():
        released(draft())
        etag = client.get(MARCH)["ETag"]
        again = client.get(MARCH, headers={"If-None-Match": etag})
    with at_hour(1):
        released(draft())
        assert client.get(MARCH, headers={"If-None-Match": etag}).status_code == 200
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_robots_keeps_private_addresses_and_searches_out_and_names_the_map(client):
    said = client.get("/robots.txt").content.decode()
    for path in ("/admin/", "/en/admin/", "/internal/", "/search/?", "/en/search/?", "/feedback/track/", "/display/"):
        assert f"Disallow: {path}\n" in said
    assert "\nSitemap: http://testserver/sitemap.xml\n" in said
