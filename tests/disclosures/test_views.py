"""Pages of the board: what they show, to whom, at which cost, with which headers."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import clear_script_prefix, reverse, set_script_prefix

from disclosures.models import Category, Matter
from tests.disclosures.board import HOUR, START, addresses, at_hour, attached
from tests.people import (
    OFFICE_YES,
    approved,
    branch_draft,
    correction,
    decided,
    draft,
    person,
    released,
    submitted,
    unit,
)

pytestmark = pytest.mark.usefixtures("house")


def text_of(response) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def cost(client, address) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("name", "first_time", "usual"), [("board", 13, 3), ("items", 12, 3), ("focus", 10, 3), ("search", 13, 6)]
)
def test_cost_of_hot_pages_is_stated_and_does_not_grow(client, name, first_time, usual):
    """After a change the shared numbers are read anew; then the version, the keys and the rows are all a list needs."""
    address = reverse(f"disclosures:{name}") + ("?q=通报" if name == "search" else "")
    with at_hour():
        client.get("/items/")  # counted once by this process: from here on in parts
        released(attached(draft(is_focus=True, focus_reason="与您有关")))
        first = cost(client, address)
        again = cost(client, address)
        for _more in range(3):
            released(attached(draft(is_focus=True, focus_reason="与您有关")))
        assert cost(client, address) == first <= first_time
        assert cost(client, address) == again <= usual


def test_cost_of_the_page_of_a_category_is_that_of_a_list(client):
    with at_hour():
        client.get("/items/")  # counted once by this process: from here on in parts
        address = released(draft()).category.get_absolute_url()
        assert cost(client, address) <= 14  # what is pinned in it included
        assert cost(client, address) <= 5


def test_cost_of_the_item_page(client):
    with at_hour():
        matter = Matter.objects.create(number="M-1", title="食堂改造", unit=unit("JG"))
        release = released(attached(draft(matter=matter, phase="before")))
        released(draft(matter=matter, phase="during"))
        address = release.get_absolute_url()
        first, again = cost(client, address), cost(client, address)
        for _more in range(3):
            released(draft(matter=matter, phase="during"))
        # Small copies of pictures and the neighbours of the matter included; one more once corrected.
        assert cost(client, address) == first <= 14
        assert cost(client, address) == again <= 10


def test_every_public_page_opens_without_cookie_token_or_nonce(client):
    with at_hour():
        item = approved(attached(draft()))
        pages = [path for path in addresses() if "M-9" not in path]
        for path in [*pages, item.get_absolute_url(), f"/en{item.get_absolute_url()}"]:
            response = client.get(path)
            assert response.status_code == 200, path
            assert not response.cookies, path
            assert "csrfmiddlewaretoken" not in text_of(response), path
            assert "nonce" not in response["Content-Security-Policy"], path
            assert "public" in response["Cache-Control"], path


def test_pages_of_members_are_private(client):
    client.force_login(person("party_member"))
    for name in ("board", "items", "internal"):
        assert client.get(reverse(f"disclosures:{name}"))["Cache-Control"] == "private, no-store"


def test_pages_take_no_other_method(client):
    for path in addresses():
        assert client.post(path).status_code == 405, path


def test_board_shows_focus_with_its_reason_latest_by_day_and_eight_categories(client):
    with at_hour():
        for number in range(4):
            released(draft(title=f"重点{number}", is_focus=True, focus_reason=f"理由{number}"))
        page = text_of(client.get("/"))
    assert [number for number in range(4) if f"理由{number}" in page] == [1, 2, 3]
    assert page.count('<section class="category">') == 8
    assert page.count('class="day"') == 1
    assert "2026年3月2日" in page


def test_empty_category_says_what_belongs_there(client):
    assert Category.objects.get(code="C5").text in text_of(client.get("/"))


def test_category_block_counts_by_year_and_shows_three(client):
    with at_hour(-24 * 365):
        released(draft(title="去年的决议", issued_on=date(2025, 1, 5)))
    with at_hour():
        for number in range(4):
            released(draft(title=f"决议{number}"))
        block = text_of(client.get("/")).split('<section class="category">')[1]
    assert [number for number in range(4) if f"决议{number}" in block] == [1, 2, 3]
    for year, count in ((2026, 4), (2025, 1)):
        link = f'<a href="/categories/resolutions/?year={year}">{year}年</a> <span class="figures">{count}项</span>'
        assert link in block
    assert "更早" not in block


def test_member_finds_internal_items_marked_in_the_same_pages(client):
    with at_hour():
        item = approved(draft(audience="internal", title="党内通报"))
        client.force_login(person("party_member"))
        for path in ("/", "/items/", "/internal/", item.get_absolute_url()):
            page = text_of(client.get(path))
            assert "党内通报" in page
            assert "badge--internal" in page


def test_internal_page_leaves_out_what_is_public(client):
    with at_hour():
        released(draft(title="公开的通报"))
        released(draft(title="党内的通报", audience="internal"))
        client.force_login(person("party_member"))
        page = text_of(client.get(reverse("disclosures:internal")))
    assert "党内的通报" in page
    assert "公开的通报" not in page


def test_internal_page_asks_visitors_to_log_in_and_refuses_staff_without_the_right(client):
    address = reverse("disclosures:internal")
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('login')}?next={address}"
    client.force_login(person("sysadmin"))
    assert client.get(address).status_code == 403
    client.force_login(person("supervisor"))
    assert client.get(address).status_code == 200


def test_item_page_names_offices_and_no_person(client):
    with at_hour():
        item = approved(draft(document_number="岳文〔2026〕1号", basis="《条例》"))
        page = text_of(client.get(item.get_absolute_url()))
    for said in (item.number, "岳文〔2026〕1号", "《条例》", "领导小组审核", "2026年3月2日 09:00", "2026年1月5日"):
        assert said in page
    people = {step.revision.submitted_by_name for step in item.current_revision.steps.all()}
    people |= {decision.decided_by_name for decision in item.current_revision.decisions.all()}
    assert people
    assert not any(name in page for name in people)


def test_item_page_carries_the_ten_labels_of_an_article(client):
    with at_hour(4):
        item = approved(draft(title="标签"))
        page = text_of(client.get(item.get_absolute_url()))
    assert '<meta name="PubDate" content="2026-03-02 13:00">' in page
    for name in ("SiteName", "ColumnName", "ColumnType", "ColumnKeywords", "ArticleTitle", "ContentSource"):
        assert f'<meta name="{name}"' in page
    listed = text_of(client.get("/items/"))
    assert '<meta name="ColumnDescription"' in listed
    assert "ArticleTitle" not in listed
    assert "ColumnName" not in text_of(client.get("/"))


def test_correction_shows_its_note_and_keeps_the_first_date(client):
    with at_hour():
        item = approved(draft(title="原题"))
    with at_hour(30):
        approved(correction(item, title="改题", change_note="更正了题目"))
        page = text_of(client.get(item.get_absolute_url()))
    assert "改题" in page
    assert "更正了题目" in page
    assert "2026年3月2日 09:00" in page
    assert "2026年3月3日" in page


def test_editing_after_publication_leaves_the_public_page_as_it_was(client):
    with at_hour():
        item = approved(draft(title="原题"))
        before = client.get(item.get_absolute_url()).content
        correction(item, title="改题")
        assert client.get(item.get_absolute_url()).content == before


def test_matter_shows_visible_phases_only_and_is_missing_without_any(client):
    matter = Matter.objects.create(number="岳文〔2026〕3号", title="食堂改造", unit=unit("JG"))
    address = reverse("disclosures:matter", args=[matter.number])
    with at_hour():
        released(draft(title="内部准备", matter=matter, phase="before", audience="internal"))
        assert client.get(address).status_code == 404
        item = approved(draft(title="进展", matter=matter, phase="during"))
        for path in (address, item.get_absolute_url()):
            page = text_of(client.get(path))
            assert "进展" in page
            assert "内部准备" not in page


def test_openings_to_come_are_announced_to_members_only(client):
    with at_hour():
        item = approved(draft(planned_public_from=START + 48 * HOUR))
        assert client.get(item.get_absolute_url()).status_code == 404
        client.force_login(person("party_member"))
        assert "将向社会公开" in text_of(client.get(item.get_absolute_url()))


def test_unit_page_holds_the_units_below_it(client):
    with at_hour():
        released(branch_draft(title="支部通报"))
        assert "支部通报" in text_of(client.get("/units/JG/"))
        assert "支部通报" in text_of(client.get("/units/ZB01/"))
        assert "支部通报" not in text_of(client.get("/units/ZB02/"))
    assert client.get("/units/NONE/").status_code == 404
    assert client.get("/categories/none/").status_code == 404


def test_leading_group_stands_as_printed_with_its_gaps_marked(client):
    page = text_of(client.get(reverse("disclosures:leading_group")))
    for printed in ("汪□□", "周□", "杨□", "□长", "□员", "杨\N{NO-BREAK SPACE} 辉", "甘学红", "办公室主任"):
        assert printed in page
    assert page.count("<tr>") == 14


def test_catalogue_says_time_limits_in_words(client):
    page = text_of(client.get(reverse("disclosures:catalogue")))
    assert "C1-01" in page
    assert "每季度，期满后10个工作日内" in page


def test_archive_counts_months_and_a_year_without_items_is_missing(client):
    with at_hour():
        released(draft())
        page = text_of(client.get(reverse("disclosures:archive", args=[2026])))
    assert "/items/?month=2026-03" in page
    assert client.get("/archive/2019/").status_code == 404
    assert client.get("/archive/20260/").status_code == 404


def test_statistics_count_what_the_reader_may_read(client):
    with at_hour():
        released(draft())
        released(draft(audience="internal"))
        assert "您可阅读1项公开事项" in text_of(client.get("/statistics/"))
        client.force_login(person("party_member"))
        assert "您可阅读2项公开事项" in text_of(client.get("/statistics/"))


def test_mobile_entry_leads_to_the_board(client):
    assert client.get("/m/")["Location"] == "/"
    assert client.get("/en/m/")["Location"] == "/en/"


def test_robots_keeps_engines_out_of_what_is_not_for_them(client):
    page = text_of(client.get("/robots.txt"))
    for path in ("/admin/", "/accounts/", "/feedback/track/", "/internal/", "/en/internal/"):
        assert f"Disallow: {path}\n" in page
    assert "Sitemap: http://testserver/sitemap.xml" in page


@pytest.fixture
def below_a_prefix(settings):
    settings.FORCE_SCRIPT_NAME = settings.PORTAL_PATH_PREFIX = "/zwgk/dwgk"
    set_script_prefix("/zwgk/dwgk/")
    yield
    clear_script_prefix()


def test_links_stay_below_a_path_prefix(client, below_a_prefix):
    with at_hour():
        number = approved(draft()).number
        for path in ("/", "/items/?year=2026", f"/items/{number}/", "/feeds/all/", "/sitemap.xml", "/en/about/"):
            page = text_of(client.get(path))
            links = re.findall(r'(?:href="|<loc>|Disallow: )(?:http://testserver)?(/[^"<]*)', page)
            assert links
            assert [link for link in links if not link.startswith(("/zwgk/dwgk/", "/static/"))] == [], path
    assert "Disallow: /zwgk/dwgk/internal/" in text_of(client.get("/robots.txt"))


def test_english_page_has_english_words_and_links(client):
    with at_hour():
        item = approved(draft())
        page = text_of(client.get(f"/en/items/{item.number}/"))
    assert "How it was disclosed" in page
    assert 'href="/en/units/JG/"' in page
    assert 'href="/units/JG/"' not in page


HOSTILE = [
    "/items/%00/",
    "/items/' OR 1=1/",
    "/units/%00/",
    "/matters/%00/",
    "/matters/%0A/",
    "/items/" + "9" * 300 + "/",
]


@pytest.mark.parametrize("path", [*HOSTILE, "/items/X/files/not-a-uuid/", "/archive/0000/", "/categories/%E5%85%9A/"])
def test_hostile_addresses_are_missing_pages(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "masthead" in text_of(response)


def test_dates_of_the_page_are_local(client):
    with at_hour(14.5):
        released(draft(title="晚间", issued_on=date(2026, 3, 1)))
        assert '<time datetime="2026-03-02">2026年3月2日</time></h3>' in text_of(client.get("/"))


def test_a_text_returned_and_sent_again_is_not_called_a_correction(client):
    with at_hour():
        item = decided(submitted(draft()), "examiner", "return", {**OFFICE_YES, "accuracy": (False, "请补充")})
        page = text_of(client.get(approved(item).get_absolute_url()))
    assert "更正" not in page
