"""Working days: the published days off and make-up days, and what is assumed where none are known."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.checks import run_checks

from audit.models import Event
from organizations import seeding
from organizations.calendar import add_working_days, is_working_day, unknown_years, working_days
from organizations.models import CalendarDay
from tests.disclosures.admin_desk import at_desk
from tests.people import furnish

pytestmark = pytest.mark.django_db
LIST = "/admin/organizations/calendarday/"


@pytest.fixture
def calendar():
    seeding.load_calendar()


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # Saturday, worked for the Spring Festival
        (date(2026, 2, 16), False),  # Monday off
        (date(2026, 2, 24), True),
        (date(2026, 10, 10), True),  # Saturday, worked
        (date(2026, 10, 11), False),  # Sunday
        (date(2025, 10, 8), False),
        (date(2025, 1, 26), True),
    ],
)
def test_published_days_decide_before_the_week(day, is_worked):
    assert is_working_day(day) is is_worked


@pytest.mark.usefixtures("calendar")
def test_year_has_as_many_working_days_as_published():
    worked = working_days(date(2026, 1, 1)).between(date(2025, 12, 31), date(2026, 12, 31))
    assert worked == _by_hand(2026)


def _by_hand(year):
    """Weekdays, less those off, plus weekends worked, counted from the data file alone."""
    rows = next(row for row in seeding.read("holidays.zh.yaml")["years"] if row["year"] == year)
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]
    off = {day for day in days for row in rows["holidays"] if row["from"] <= day <= row["until"]}
    make_up = {row["day"] for row in rows["make_up"]}
    return sum((day.weekday() < 5 and day not in off) or day in make_up for day in days)


@pytest.mark.usefixtures("calendar")
def test_count_jumps_over_a_festival():
    due = add_working_days(date(2026, 2, 13), 2)
    assert (due.day, due.assumed_years) == (date(2026, 2, 24), ())
    assert due.ends_at == datetime(2026, 2, 25, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.usefixtures("calendar")
def test_count_into_a_year_without_days_says_so():
    due = add_working_days(date(2026, 12, 31), 1)
    assert (due.day, due.assumed_years) == (date(2027, 1, 1), (2027,))


def test_empty_calendar_counts_monday_to_friday():
    due = add_working_days(date(2031, 1, 3), 1)  # a Friday
    assert (due.day, due.assumed_years) == (date(2031, 1, 6), (2031,))


@pytest.mark.usefixtures("calendar")
def test_list_of_limits_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        days = working_days(date(2026, 1, 1))
        assert [days.add(date(2026, 1, 1), count).day for count in range(40)]


@pytest.mark.usefixtures("calendar")
def test_next_year_is_asked_for_from_december():
    assert unknown_years(date(2026, 11, 30)) == []
    assert unknown_years(date(2026, 12, 1)) == [2027]
    assert unknown_years(date(2027, 1, 1)) == [2027]


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize(("today", "count"), [("2026-06-01T04:00Z", 0), ("2027-06-01T04:00Z", 1)])
def test_system_check_warns_of_a_missing_year(today, count):
    seeding.load_units()
    with time_machine.travel(today, tick=False):
        found = [row for row in run_checks(databases=["default"]) if row.id == "organizations.W001"]
    assert len(found) == count


def test_seeding_again_keeps_what_was_changed(calendar):
    CalendarDay.objects.filter(day="2026-01-02").update(kind="make_up", name="改为上班")
    count = CalendarDay.objects.count()
    seeding.load_calendar()
    assert CalendarDay.objects.count() == count
    assert CalendarDay.objects.get(day="2026-01-02").name == "改为上班"


def test_office_keeps_the_calendar_and_the_trail_tells():
    furnish()
    sent = {"day": "2027-01-01", "kind": "holiday", "name": "元旦", "source": "通知"}
    assert at_desk("drafter").post(f"{LIST}add/", sent).status_code == 403
    assert at_desk("examiner").post(f"{LIST}add/", sent).status_code == 302
    row = CalendarDay.objects.get(day=date(2027, 1, 1))
    assert not is_working_day(row.day)
    sent["kind"] = "make_up"
    assert at_desk("examiner").post(f"{LIST}{row.pk}/change/", sent).status_code == 302
    assert is_working_day(row.day)
    verbs = Event.objects.filter(subject_kind="calendar_day", subject_ref="2027-01-01").values_list("verb", flat=True)
    assert set(verbs) == {"calendar_day.created", "calendar_day.changed"}


@pytest.mark.parametrize("value", ["2026-02-30", "", "昨天", "2026-02-16"])
def test_day_that_is_none_or_known_already_is_refused_with_everything_typed(value):
    furnish()
    sent = {"day": value, "kind": "holiday", "name": "某节", "source": ""}
    page = at_desk("examiner").post(f"{LIST}add/", sent)
    assert page.status_code == 400
    assert 'value="某节"' in page.content.decode()
