"""Clocks of cases: counted in working days from the facts, with the limits the case was received under."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from feedback import clocks
from feedback.counting import counts_of
from feedback.limits import Limits
from feedback.models import CaseClock, CaseLimit
from feedback.services import timing
from organizations.calendar import working_days
from organizations.models import CalendarDay
from tests.feedback.cases import carried, did, order, sent, sent_with_code

pytestmark = pytest.mark.usefixtures("house")
SHANGHAI = ZoneInfo("Asia/Shanghai")
TRACK_QUERIES = 21
DESK_QUERIES = 49


def at(year, month, day, hour=10, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)


def on(instant):
    return time_machine.travel(instant, tick=False)


def clocks_of(case):
    case.refresh_from_db()
    return [(str(clock.step), clock.last_day) for clock in timing.running_clocks(case)[0]]


def stored(case):
    row = CaseClock.objects.filter(case=case).first()
    return row and (row.step, row.last_day)


def received(instant, **more):
    with on(instant):
        return sent(**more)


def test_new_case_is_to_be_accepted_on_the_next_working_day():
    case = received(at(2026, 3, 6))  # Friday
    assert clocks_of(case) == [("accept", date(2026, 3, 9))]
    assert stored(case) == ("accept", date(2026, 3, 9))


def test_last_second_of_a_day_and_the_first_of_the_next_differ_by_a_day():
    before = received(at(2026, 3, 10, 23, 59, 59))
    after = received(at(2026, 3, 11, 0, 0, 0))
    assert stored(before) == ("accept", date(2026, 3, 11))
    assert stored(after) == ("accept", date(2026, 3, 12))


def test_clock_ends_at_midnight_of_its_last_day():
    case = received(at(2026, 3, 10))
    end = at(2026, 3, 12, 0, 0, 0)
    assert CaseClock.objects.get(case=case).due_at == end
    (before,), (after,) = counts_of(case, end - timedelta(microseconds=1)), counts_of(case, end)
    assert (before.standing.words, before.standing.is_overdue) == ("今日到期", False)
    assert after.standing.is_overdue


def test_answer_is_due_fifteen_working_days_after_acceptance():
    case = received(at(2026, 3, 6))
    with on(at(2026, 3, 9)):
        did(case, "accept", "drafter")
    assert stored(case) == ("reply", date(2026, 3, 30))


def test_holidays_are_left_out_and_make_up_days_worked_are_counted():
    case = received(at(2026, 9, 28))
    with on(at(2026, 9, 28, 11)):
        did(case, "accept", "drafter")
    (count,) = counts_of(case, at(2026, 9, 28, 12))
    assert count.clock.last_day == date(2026, 10, 23)
    assert count.days_off == ["国庆节（10月1日至10月7日）"]
    assert count.days_worked == ["国庆节调休（10月10日）"]
    assert count.assumption == ""


def test_new_year_with_a_table_that_is_missing_is_a_stated_assumption():
    case = received(at(2026, 12, 28))
    with on(at(2026, 12, 28, 11)):
        did(case, "accept", "drafter")
    (count,) = counts_of(case, at(2026, 12, 29))
    assert count.clock.last_day == date(2027, 1, 18)
    assert "2027" in count.assumption
    assert count.assumption in count.explanation


def test_table_uploaded_later_moves_the_clock():
    case = received(at(2026, 12, 28))
    with on(at(2026, 12, 28, 11)):
        did(case, "accept", "drafter")
    for day in (1, 4, 5):
        CalendarDay.objects.create(day=date(2027, 1, day), kind="holiday", name="元旦")
    assert timing.refresh() == 1
    assert stored(case) == ("reply", date(2027, 1, 21))
    assert timing.refresh() == 0


def test_calendar_without_a_single_day_counts_the_week():
    CalendarDay.objects.all().delete()
    case = received(at(2026, 9, 30))
    assert stored(case) == ("accept", date(2026, 10, 1))


def test_clock_set_back_gives_nothing_negative():
    case = received(at(2026, 3, 10))
    with on(at(2025, 1, 5)):
        did(case, "accept", "drafter")
        (count,) = counts_of(case, timezone.now())
        assert not count.standing.is_overdue
        assert "-" not in count.standing.words
        assert timing.refresh() == 0
    with on(at(2012, 1, 1)):
        early = sent()
    assert stored(early) == ("accept", date(2012, 1, 2))


def test_case_keeps_the_limit_it_was_received_under():
    case = received(at(2026, 3, 6))
    CaseLimit.objects.create(
        step="accept", working_days=5, valid_from=date(2026, 3, 7), reason="试行", set_at=at(2026, 3, 6)
    )
    later = received(at(2026, 3, 9))
    assert clocks_of(case) == [("accept", date(2026, 3, 9))]
    assert clocks_of(later) == [("accept", date(2026, 3, 16))]


def test_case_without_any_limit_runs_no_clock():
    case = received(at(2026, 3, 6))
    assert clocks.running(case, Limits({}), working_days(date(2026, 1, 1))) == []


@pytest.mark.parametrize("state", ["answered", "rectified", "verified", "closed", "declined"])
def test_no_clock_runs_while_nothing_is_due(state):
    case = carried(state)
    assert clocks_of(case) == []
    assert stored(case) is None


def test_rectification_runs_until_the_day_it_was_set():
    case = carried("answered")
    due = timezone.localdate() + timedelta(days=3)
    did(case, "rectify", "drafter", **order(due_on=due + timedelta(days=4)))
    did(case, "rectify", "drafter", **order(due_on=due))
    assert stored(case) == ("rectify", due)
    first = case.rectifications.get(due_on=due).pk
    did(case, "report_done", "drafter", rectification=first, proof="已补充")
    assert stored(case) == ("rectify", due + timedelta(days=4))
    later = case.rectifications.exclude(pk=first).get().pk
    did(case, "report_done", "drafter", rectification=later, proof="已补充")
    assert stored(case) is None


def test_taken_up_again_after_an_answer_counts_from_there():
    with on(at(2026, 3, 2)):
        case = carried("answered")
    with on(at(2026, 4, 13)):
        did(case, "investigate", "drafter")
    assert stored(case) == ("reply", date(2026, 5, 7))


def test_arrival_asks_a_fixed_number_of_questions_for_its_clock(django_assert_num_queries):
    case = sent()
    with django_assert_num_queries(4):  # the case, the limits, the calendar, the clock that is there
        timing.renew(case)


def test_pages_of_a_case_ask_a_fixed_number_of_questions(client, logged_in, django_assert_num_queries):
    case, code = sent_with_code()
    for verb, payload in (
        ("accept", {}),
        ("investigate", {}),
        ("find", {"findings": "属实"}),
        ("reply", {"text": "好"}),
    ):
        did(case, verb, "drafter", **payload)
    with django_assert_num_queries(TRACK_QUERIES):
        assert client.post(reverse("feedback:track"), {"code": code}).status_code == 200
    desk, address = logged_in("drafter"), reverse("admin:feedback_case_change", args=[case.pk])
    with django_assert_num_queries(DESK_QUERIES):
        assert desk.get(address).status_code == 200
