"""Lists: one parser for filters, numbers beside them, paging by key; hostile values get a clear refusal."""

import base64
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.http import QueryDict
from django.urls import reverse

from disclosures.listing import BadParameter, Choice, Key, Vocabulary, month_after, page_keys, page_of, parse
from disclosures.models import Release
from disclosures.visibility import PUBLIC
from tests.disclosures.board import HOUR, START, at_hour, attached, withdrawn
from tests.people import branch_draft, draft, forms, person, released, submitted

pytestmark = pytest.mark.usefixtures("house")
KEY = str(Key(START, UUID(int=5)))


@pytest.fixture
def vocabulary():
    return Vocabulary.load(Release.objects.all())


def test_parses_every_filter(vocabulary):
    choice = parse(
        QueryDict(
            "category=resolutions&unit=JG&year=2026&month=2026-03&until=2026-03-04&phase=before&form=online_board"
            "&attachments=1"
        ),
        vocabulary,
    )
    assert choice.params() == {
        "category": "resolutions",
        "unit": "JG",
        "year": "2026",
        "month": "2026-03",
        "until": "2026-03-04",
        "phase": "before",
        "form": "online_board",
        "attachments": "1",
    }


def test_empty_values_and_foreign_names_are_left_alone(vocabulary):
    assert parse(QueryDict("category=&year=&from=timeline&isappinstalled=0"), vocabulary) == Choice()


HOSTILE = [
    "year=abc",
    "year=99999999999999999999",
    "year=２０２６",
    "year=-1",
    "year=2026&year=2025",
    "month=2026-13",
    "month=2026",
    "until=2026-02-30",
    "until=20260101",
    "until=2026-W01-1",
    "until=9999-12-31",
    "phase=none",
    "attachments=yes",
    "after=garbage",
    "after=" + "A" * 5000,
    "after=" + "A_" * 16 + "A",
    "before=" + "/" * 32,
    f"after={KEY}&before={KEY}",
    "category=%00",
    "category=resolutions%0a",
    "unit=JG%00",
]
UNKNOWN = ["category=nothing", "unit=NOTHING", "form=nothing", "category=%27+OR+1%3D1", "unit=%F0%9F%92%A9"]


@pytest.mark.parametrize("query", HOSTILE)
def test_values_without_sense_are_a_bad_request_in_the_site_look(client, query):
    response = client.get(f"{reverse('disclosures:items')}?{query}")
    assert response.status_code == 400
    assert "masthead" in response.content.decode()


@pytest.mark.parametrize("query", UNKNOWN)
def test_unknown_words_are_a_missing_page(client, query):
    assert client.get(f"{reverse('disclosures:items')}?{query}").status_code == 404


def test_a_page_of_its_own_category_takes_no_other(client):
    assert client.get(reverse("disclosures:category", args=["resolutions"]) + "?category=other").status_code == 400


def test_key_reads_back_and_refuses_instants_no_database_holds():
    key = Key(datetime(2026, 3, 2, 1, 2, 3, 4, tzinfo=UTC), UUID(int=7))
    assert Key.read("after", str(key)) == key
    for micros in (2**63 - 1, -(2**63), 10**17):
        text = base64.urlsafe_b64encode(micros.to_bytes(8, "big", signed=True) + b"x" * 16).decode()
        with pytest.raises(BadParameter):
            Key.read("after", text)


def test_filters_combine(client):
    with at_hour():
        released(draft(title="局一"))
        released(draft(title="局二", document_number="2"))
        released(branch_draft(title="支部一"))
    shown = titles(client.get("/items/?unit=ZB01&category=resolutions&year=2026"))
    assert shown == ["支部一"]
    assert titles(client.get("/items/?unit=JG")) == ["支部一", "局二", "局一"]
    assert titles(client.get("/items/?year=2025")) == []
    assert titles(client.get("/items/?form=sms")) == []
    assert len(titles(client.get("/items/?form=online_board"))) == 3


def titles(response) -> list[str]:
    assert response.status_code == 200
    return [row.title for row in response.context["rows"]]


def test_numbers_beside_the_filters_follow_the_other_filters(client):
    with at_hour():
        released(draft())
        released(draft())
        released(branch_draft())
    facets = client.get("/items/?unit=ZB01").context["facets"]
    values = {value.label: value.count for group in facets.groups for value in group.values}
    assert values["局直单位第一党支部"] == 1
    assert values["岳阳市文广新局"] == 3
    assert values["党组织决议、决定及执行情况"] == 1
    assert facets.total == 1


def test_chips_take_one_filter_away(client):
    with at_hour():
        released(draft())
    facets = client.get("/items/?unit=JG&year=2026&month=2026-03").context["facets"]
    assert [chip["url"] for chip in facets.chips] == [
        "/items/?year=2026&month=2026-03",
        "/items/?unit=JG&month=2026-03",
        "/items/?unit=JG&year=2026",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("month=2026-02", ["二月末"]), ("month=2026-03", ["三月初"]), ("until=2026-02-28", ["二月末"])],
)
def test_days_and_months_are_local(client, query, expected):
    with at_hour(-33.1):  # 28 February, 23:54
        released(draft(title="二月末", issued_on=date(2026, 1, 1)))
    with at_hour(-32.9):  # 1 March, 00:06
        released(draft(title="三月初", issued_on=date(2026, 1, 1)))
    with at_hour():
        assert titles(client.get(f"/items/?{query}")) == expected


def test_month_after_december_is_january():
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_after(date(2026, 1, 1)) == date(2026, 2, 1)


def page(rows, choice, size):
    """One page of `rows` for the public."""
    return page_of(page_keys(rows, choice, PUBLIC, size), choice, PUBLIC, rows.in_bulk, size)


def test_every_item_stands_on_exactly_one_page_in_both_directions():
    with at_hour():
        for number in range(7):  # all at the same instant: only the second part of the key tells them apart
            released(draft(title=str(number)))
    with at_hour(1):
        rows = Release.objects.visible_to(PUBLIC, START + HOUR)
        shown = page(rows, Choice(), 3)
        pages = [shown]
        while shown.older:
            shown = page(rows, Choice(after=shown.older), 3)
            pages.append(shown)
        forwards = [row.pk for each in pages for row in each.rows]
        assert [len(each.rows) for each in pages] == [3, 3, 1]
        assert forwards == sorted(forwards, reverse=True)
        back = page(rows, Choice(before=pages[1].newer), 3)
        assert back.rows == pages[0].rows
        assert back.newer is None


def test_a_key_whose_row_was_withdrawn_loses_nothing():
    with at_hour():
        made = [released(draft(title=str(number))) for number in range(4)]
        rows = Release.objects.visible_to(PUBLIC, START)
        first = page(rows, Choice(), 2)
        withdrawn(first.rows[-1])
        later = page(rows.all(), Choice(after=first.older), 9)
    assert {made[0].pk, made[1].pk} <= {row.pk for row in later.rows}


def test_a_key_holds_no_primary_key_so_gaps_betray_nothing():
    with at_hour():
        release = released(draft())
        submitted(draft())
    key = base64.urlsafe_b64decode(str(Key(release.public_since, release.uid)))
    assert key[8:] == release.uid.bytes


def test_empty_page_offers_the_way_back(client):
    with at_hour():
        released(draft())
    old = Key(datetime(1999, 1, 1, tzinfo=UTC), UUID(int=1))
    response = client.get(f"/items/?after={old}")
    assert titles(response) == []
    assert "没有符合条件的事项" in response.content.decode()


def test_members_page_by_the_opening_inside_the_party(client):
    with at_hour():
        released(draft(title="先", planned_public_from=START + 3 * HOUR))
    with at_hour(1):
        released(draft(title="后"))
    with at_hour(4):
        assert titles(client.get("/items/")) == ["先", "后"]
        client.force_login(person("party_member"))
        assert titles(client.get("/items/")) == ["后", "先"]


def test_forms_are_offered_only_where_they_occur(client):
    with at_hour():
        released(draft())
    groups = {group.label: group for group in client.get("/items/").context["facets"].groups}
    assert {value.label for value in groups["公开形式"].values} == {form.label for form in forms()}


def test_items_with_attachments_are_found_by_a_filter_that_combines(client):
    with at_hour():
        released(attached(draft(title="带附件的通报")))
        released(attached(draft(title="存档材料的通报"), is_published=False))
        released(draft(title="不带附件的通报"))
        page = client.get("/items/?attachments=1&unit=JG").content.decode()
    assert "带附件的通报</a>" in page
    assert "不带附件" not in page
    assert "存档材料" not in page
    assert '<a class="chip" href="/items/?unit=JG"' in page


def test_a_day_is_jumped_to_with_the_other_filters_kept(client):
    with at_hour():
        released(draft(title="早的"))
    with at_hour(48):
        released(draft(title="晚的"))
        page = client.get("/items/?unit=JG&until=2026-03-02").content.decode()
    assert "早的" in page
    assert "晚的" not in page
    assert 'name="until" min="1990-01-01" max="2199-12-31" value="2026-03-02"' in page
    assert '<input type="hidden" name="unit" value="JG">' in page
