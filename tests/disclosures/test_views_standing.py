"""Standing pages: units with their record, the catalogue with what was last disclosed, numbers, archive, statement."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures.models import CatalogueEntryVersion, Category
from organizations.models import Appointment, Role
from tests.disclosures.board import CANARY, at_hour, hidden_items
from tests.people import BUREAU_ENTRY, INTERNAL_ENTRY, approved, branch_draft, draft, entry, person, released, unit

pytestmark = pytest.mark.usefixtures("house")
COSTS = {  # the first time after a change; the version and the next change of what is shared included
    "units": 3,
    "catalogue": 7,
    "statistics": 9,
    "archive_index": 6,
    "site_map": 4,
    "accessibility": 0,
    "category": 14,
    "unit": 18,
    "archive": 6,
}
LATER = 400 * 24  # hours: into another year
ARGS = {"category": ["resolutions"], "unit": ["JG"], "archive": [2026]}


def text_of(response) -> str:
    return response.content.decode()


def page_of(client, name) -> str:
    return text_of(client.get(reverse(f"disclosures:{name}", args=ARGS.get(name, []))))


def cost(client, name) -> int:
    with CaptureQueriesContext(connection) as queries:
        page_of(client, name)
    return len(queries)


@pytest.mark.parametrize(("name", "most"), COSTS.items())
def test_cost_is_stated_and_does_not_grow(client, name, most):
    with at_hour():
        page_of(client, "statistics")  # counted once by this process: from here on in parts
        released(draft())
        first = cost(client, name)
        for _more in range(3):
            released(draft())
        released(branch_draft())
        assert cost(client, name) == first <= most


def test_units_show_who_answers_how_much_and_when_last(client):
    held = person("secretary")
    Appointment.objects.create(
        user=held,
        unit=unit("ZB01"),
        role=Role.BRANCH_SECRETARY,
        office_held="支部书记",
        is_first_responsible=True,
        valid_from=date(2020, 1, 1),
    )
    with at_hour():
        released(branch_draft())
        page = page_of(client, "units")
    row = page.split('href="/units/ZB01/"')[1].split("</tr>")[0]
    assert held.display_name in row
    assert "支部书记" in row
    assert ">1</td>" in row
    assert "2026年3月2日" in row
    bureau = page.split('href="/units/JG/"')[1].split("</tr>")[0]
    assert "汪□□" in bureau
    assert "局党组书记、局长" in bureau


def test_unit_page_states_its_record_with_the_units_below_it(client):
    with at_hour():
        released(branch_draft())
        page = page_of(client, "unit")
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page))
    assert facts["今年公开"].strip() == "1项，含所属单位"
    assert facts["最近公开"].strip() == "2026年3月2日"
    assert "汪□□" in facts["第一责任人"]


def test_catalogue_shows_the_last_visible_item_of_each_entry(client):
    with at_hour():
        released(draft(title="上一次"))
    with at_hour(2):
        approved(draft(title="最近一次"))
        approved(draft(title="党内一次", audience="internal"))
        row = page_of(client, "catalogue").split(f'id="{BUREAU_ENTRY}"')[1].split("</tr>")[0]
        assert "最近一次" in row
        assert "上一次" not in row
        assert "党内一次" not in row
        client.force_login(person("party_member"))
        assert "党内一次" in page_of(client, "catalogue")


def test_catalogue_finds_an_entry_that_is_not_among_the_newest(client, monkeypatch):
    monkeypatch.setattr("disclosures.views.catalogue.RECENT", 1)
    with at_hour():
        released(draft(title="旧而稀少"))
    with at_hour(2):
        released(draft(title="新的", entry=Category.objects.get(code="C8").entries.first()))
        assert "旧而稀少" in page_of(client, "catalogue")


@pytest.mark.parametrize("name", ["units", "catalogue", "statistics", "archive_index", "site_map"])
def test_hidden_items_change_no_standing_page(client, name):
    with at_hour():
        released(draft(title="公开的通报"))
        before = page_of(client, name)
        made = hidden_items()
        made["correction_in_review"].releases.get()
    with at_hour():
        after = page_of(client, name)
    assert CANARY in made["draft"].title
    assert CANARY not in after
    assert before.count("<rect") == after.count("<rect")


def test_statistics_draw_what_the_table_says(client):
    with at_hour():
        released(draft())
        released(draft())
        page = page_of(client, "statistics")
    charts = page.split('<svg class="chart')[1:]
    assert len(charts) == 2
    assert '<text class="chart__value"' in charts[0]
    assert ">2</text>" in charts[0]
    assert "style=" not in page
    assert 'aria-label="各年度公开事项数"' in page


def test_archive_lists_years_by_months_with_links(client):
    with at_hour(-24 * 365):
        released(draft(issued_on=date(2025, 1, 5)))
    with at_hour():
        released(draft())
        page = page_of(client, "archive_index")
    assert page.index("2026年</a>") < page.index("2025年</a>")
    assert 'href="/items/?month=2025-03"' in page


def test_archive_without_items_is_an_inviting_page(client):
    assert "审核" in page_of(client, "archive_index")


def test_accessibility_statement_says_what_is_not_good_enough(client):
    page = page_of(client, "accessibility")
    for said in ("无障碍声明", "WCAG 2.2", "尚待改进之处", "我要提意见"):
        assert said in page


@pytest.mark.parametrize("name", ["category", "unit"])
def test_empty_list_leads_to_what_must_be_disclosed(client, name):
    main = page_of(client, name).split("<main")[1].split("</main>")[0]
    assert ("下一项：" if name == "category" else "公开目录") in main
    assert 'href="/catalogue/"' in main


def test_empty_category_that_is_disclosed_inside_the_party_says_so_to_the_public(client):
    address = Category.objects.get(code=entry(INTERNAL_ENTRY).category.code).get_absolute_url()
    CatalogueEntryVersion.objects.filter(entry__category__code=INTERNAL_ENTRY[:2]).update(audience="internal")
    assert "在党内公开" in client.get(address).content.decode()


def test_catalogue_names_what_the_reader_could_read_and_was_never_disclosed(client):
    with at_hour():
        released(draft())
        rows = page_of(client, "catalogue").split("<tr id=")[1:]
    said = {row.split('"')[1]: "尚未公开" in row for row in rows}
    assert not said[BUREAU_ENTRY]
    assert not said[INTERNAL_ENTRY]  # inside the Party, whether disclosed there or not
    assert said["C8-52"]


def test_every_chart_has_its_table_and_nothing_is_left_out_of_a_sum(client):
    with at_hour():
        released(draft(title="从前"))
    with at_hour(LATER):
        released(draft())
        page = page_of(client, "statistics")
    assert page.count('class="chart-table"') == 2
    tables = page.split('class="chart-table"')
    assert re.search(r">2026年</a></th><td class=.number.>1</td>", tables[1])
    assert re.search(r">2027年4月</a></th><td class=.number.>1</td>", tables[2])
    assert "2026年5月—2027年4月" in page
    assert "截至2027年4月6日" in page


def test_category_table_adds_up_where_there_are_more_years_than_columns(client, monkeypatch):
    monkeypatch.setattr("disclosures.views.numbers.TABLE_YEARS", 1)
    with at_hour():
        released(draft(title="从前"))
    with at_hour(LATER):
        released(draft())
        row = page_of(client, "statistics").split('id="by-category"')[1].split("<tbody>")[1].split("</tr>")[0]
    this_year, earlier, total = map(int, re.findall(r'<td class="number">(\d+)</td>', row))
    assert (this_year, earlier, total) == (1, 1, 2)
