"""Working days: Monday to Friday, less the days off and plus the make-up days published for the year.

A year of which nothing is known is counted Monday to Friday. That is an assumption, and it is said: in `Due`, by a
system check, and on the first page of whoever keeps the calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from organizations.models import CalendarDay, DayKind

SATURDAY = 5  # as date.weekday() counts
NEXT_YEAR_FROM = 12  # the month from which limits reach into the year to come
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """The day that a count of working days leads to, and the years whose days off were not known."""

    day: date
    assumed_years: tuple[int, ...] = ()

    @property
    def ends_at(self) -> datetime:
        """The instant at which the day is over, in the zone of the site; whatever is open then is overdue."""
        return timezone.make_aware(datetime.combine(self.day + DAY, time.min))


@dataclass(frozen=True)
class WorkingDays:
    """The published days of some years, loaded once, so that a whole list is counted with one query."""

    kinds: dict[date, str]
    known_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked."""
        kind = self.kinds.get(day)
        return day.weekday() < SATURDAY if kind is None else kind == DayKind.MAKE_UP

    def add(self, start: date, count: int) -> Due:
        """The `count`th working day after `start`; `start` itself is not counted."""
        day, left, years = start, count, {start.year}
        while left > 0:
            day += DAY
            years.add(day.year)
            left -= self.is_working_day(day)
        return Due(day, tuple(sorted(years - self.known_years)))

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; none where `end` is not later."""
        span = max((end - start).days, 0)
        return sum(self.is_working_day(start + DAY * place) for place in range(1, span + 1))


def working_days(since: date) -> WorkingDays:
    """The calendar from the year of `since` on: one query. A year is known once one of its days off is."""
    rows = CalendarDay.objects.filter(day__gte=date(since.year, 1, 1)).values_list("day", "kind")
    kinds = dict(rows)
    return WorkingDays(kinds, frozenset(day.year for day, kind in kinds.items() if kind == DayKind.HOLIDAY))


def is_working_day(day: date) -> bool:
    """Whether `day` is worked."""
    return working_days(day).is_working_day(day)


def add_working_days(start: date, count: int) -> Due:
    """The `count`th working day after `start`."""
    return working_days(start).add(start, count)


def unknown_years(today: date) -> list[int]:
    """Years the calendar is needed for and knows nothing of: this one, and from December the next."""
    needed: Iterable[int] = (today.year, today.year + 1) if today.month >= NEXT_YEAR_FROM else (today.year,)
    known = working_days(today).known_years
    return [year for year in needed if year not in known]
