"""Reminders rise from the handlers to the head of the unit to the office, each once, and tell nothing of the words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from feedback.models import CaseClock, ClockReminder
from feedback.services.reminding import remind
from notifications.models import Notice
from organizations.models import Appointment
from tests.feedback.cases import carried, did, sent

pytestmark = pytest.mark.usefixtures("house")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)
BEFORE = datetime(2026, 3, 27, 9, 0, tzinfo=SHANGHAI)  # Friday; the last day is Monday the 30th
LAST = datetime(2026, 3, 30, 9, 0, tzinfo=SHANGHAI)
AFTER = datetime(2026, 3, 31, 0, 0, tzinfo=SHANGHAI)


def on(instant):
    return time_machine.travel(instant, tick=False)


@pytest.fixture
def case():
    with on(MONDAY):
        return carried("accepted")


@pytest.fixture
def branch_case():
    with on(MONDAY):
        return carried("accepted", code="ZB01", by="branch_drafter")


def told(verb):
    return sorted(Notice.objects.filter(verb=verb).values_list("recipient__username", flat=True))


def test_nobody_is_told_two_working_days_before(case):
    assert remind(BEFORE - timedelta(days=1)) == 0


def test_handlers_are_told_on_the_working_day_before(case):
    remind(BEFORE)
    assert told("case.due_soon") == ["drafter"]


def test_head_of_the_unit_is_told_on_the_last_day(case, branch_case):
    remind(LAST)
    assert told("case.due_today") == ["branch_drafter", "drafter", "leader", "secretary"]


def test_office_is_told_once_the_limit_has_passed(case):
    remind(AFTER)
    assert told("case.overdue") == ["drafter", "examiner", "leader"]


def test_each_stage_is_told_once(case):
    for instant in (BEFORE, BEFORE, LAST, LAST, AFTER, AFTER, AFTER + timedelta(days=9)):
        remind(instant)
    assert (
        ClockReminder.objects.count()
        == Notice.objects.filter(verb__startswith="case.", subject_ref=case.uid).exclude(verb="case.received").count()
    )
    assert [len(told(f"case.{stage}")) for stage in ("due_soon", "due_today", "overdue")] == [1, 2, 3]


def test_extension_starts_the_reminders_anew(case):
    remind(BEFORE)
    with on(BEFORE):
        did(case, "extend", "drafter", working_days=5, reason="需核实")
    assert remind(LAST) == 0
    before_the_holiday = datetime(2026, 4, 3, 9, 0, tzinfo=SHANGHAI)  # the last day is Tuesday the 7th
    assert remind(before_the_holiday) == 1


def test_answered_in_time_nobody_is_told(case):
    with on(BEFORE):
        did(case, "reply", "drafter", text="已核实")
    assert remind(AFTER) == 0


def test_somebody_who_may_no_longer_read_the_case_is_not_told(case):
    Appointment.objects.filter(user__username="drafter").update(valid_until="2026-03-20")
    with on(AFTER):
        remind(AFTER)
    assert "drafter" not in told("case.overdue")


def test_notice_names_no_content(case):
    remind(AFTER)
    rows = Notice.objects.filter(verb="case.overdue")
    assert rows
    assert all(case.text not in str(vars(row)) and case.number not in str(vars(row)) for row in rows)


def test_clock_set_back_tells_nobody(case):
    assert remind(MONDAY - timedelta(days=700)) == 0


def test_tick_refreshes_and_reminds_and_is_safe_twice(case, capsys):
    CaseClock.objects.all().delete()
    for _time in range(2):
        with on(AFTER):
            call_command("tick")
    printed = capsys.readouterr().out
    assert "3 reminders of limits of feedback, 1 clocks set anew." in printed
    assert "0 reminders of limits of feedback, 0 clocks set anew." in printed


def test_closed_case_left_with_a_clock_is_not_told_of(case):
    with on(MONDAY):
        other = sent()
        did(other, "decline", "drafter", reason="无关")
    assert not CaseClock.objects.filter(case=other).exists()
