"""Duties of the catalogue that are due for a period that is over."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from disclosures.duties import due_duties, ended_period
from tests.disclosures.admin_desk import at_desk
from tests.people import BUREAU_ENTRY, approved, draft, submitted, unit

pytestmark = pytest.mark.usefixtures("house")
APRIL = date(2026, 4, 8)


def owed(today=APRIL, code="JG"):
    return {duty.version.entry.code: duty for duty in due_duties([unit(code)], today)}


@pytest.mark.parametrize(
    ("rule", "today", "expected"),
    [
        ("monthly", date(2026, 1, 1), (date(2025, 12, 1), date(2025, 12, 31))),
        ("quarterly", date(2026, 4, 1), (date(2026, 1, 1), date(2026, 3, 31))),
        ("half_yearly", date(2026, 6, 30), (date(2025, 7, 1), date(2025, 12, 31))),
        ("yearly", date(2026, 4, 1), (date(2025, 1, 1), date(2025, 12, 31))),
        ("long_term", date(2026, 4, 1), None),
        ("", date(2026, 4, 1), None),
    ],
)
def test_period_that_ended_last(rule, today, expected):
    assert ended_period(rule, today) == expected


def test_quarter_is_owed_until_its_limit_in_working_days():
    duty = owed()[BUREAU_ENTRY]
    assert (duty.first, duty.last, duty.due) == (date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 15))
    assert BUREAU_ENTRY in owed(date(2026, 4, 15))
    assert BUREAU_ENTRY not in owed(date(2026, 4, 16))


@pytest.mark.parametrize(
    ("changes", "is_owed"),
    [
        ({"period_from": date(2026, 1, 1), "period_until": date(2026, 3, 31)}, False),
        ({"period_from": date(2025, 10, 1), "period_until": date(2025, 12, 31)}, True),
        ({"occurred_on": date(2026, 2, 3)}, False),
        ({"occurred_on": date(2025, 12, 3)}, True),
        ({"issued_on": date(2026, 4, 2)}, False),
        ({"issued_on": date(2025, 11, 2)}, True),
    ],
)
def test_what_was_submitted_for_the_period_serves_it(changes, is_owed):
    with time_machine.travel(datetime(2026, 4, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        submitted(draft(**changes))
    assert (BUREAU_ENTRY in owed()) is is_owed


def test_draft_serves_nothing_and_an_approved_item_of_another_unit_neither():
    draft(occurred_on=date(2026, 2, 3))
    with time_machine.travel(datetime(2026, 4, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        approved(draft("branch_drafter", "ZB01", occurred_on=date(2026, 2, 3)))
    assert BUREAU_ENTRY in owed()
    assert BUREAU_ENTRY not in owed(code="ZB01")


def test_drafter_finds_it_on_the_first_page_with_a_way_to_begin():
    with time_machine.travel(datetime(2026, 4, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        page = at_desk("drafter").get("/admin/")
        assert not any(s.key == "duties" for s in at_desk("examiner").get("/admin/").context["sections"])
    section = next(s for s in page.context["sections"] if s.key == "duties")
    assert section.count == len(section.rows) >= 1
    assert any(row.url.endswith(f"add/?unit=JG&entry={BUREAU_ENTRY}") for row in section.rows)
    assert f'id="{section.url[1:]}"' in page.content.decode()
