"""The calculation of a limit, to be read: start, working days, what was left out in between, last day (S46)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from disclosures.limits import Standing
from disclosures.refusal import Sentence
from feedback.clocks import Clock, waits_for_sender
from feedback.models import Case, ClockStep
from feedback.services.timing import running_clocks
from organizations.models import CalendarDay, DayKind

DAY = timedelta(days=1)
PROMISES: dict[ClockStep, Sentence] = {
    ClockStep.ACCEPT: gettext_lazy("The unit says by %(day)s whether it takes the case on."),
    ClockStep.REPLY: gettext_lazy("The unit answers by %(day)s."),
    ClockStep.DECIDE: gettext_lazy("The unit decides on the request by %(day)s."),
    ClockStep.DISCLOSE: gettext_lazy("What was granted is handed out by %(day)s."),
    ClockStep.WRITTEN_REASON: gettext_lazy("The reason for refusing is given in writing by %(day)s."),
    ClockStep.RECTIFY: gettext_lazy("What was found is put right by %(day)s."),
}


@dataclass(frozen=True)
class Count:
    """One running clock with its calculation."""

    clock: Clock
    standing: Standing
    days_off: list[str]
    days_worked: list[str]

    @property
    def sign(self) -> str:
        """The sign for `components/badge.html`."""
        return sign_of(self.standing)

    @property
    def facts(self) -> list[dict[str, Any]]:
        """The calculation line by line, for `components/facts.html`."""
        clock = self.clock
        return [
            {"label": _("Limit for"), "value": clock.step.label},
            {"label": _("Start, not counted"), "value": whole(clock.starts_on)},
            {"label": _("Limit"), "value": _working_days(clock.working_days)},
            {"label": _("Extended by"), "value": _working_days(clock.extended_by)},
            {"label": _("Days off in between"), "value": listed(self.days_off), "wide": True},
            {"label": _("Worked in between"), "value": listed(self.days_worked), "wide": True},
            {"label": _("Last day"), "value": whole(clock.last_day)},
            {"label": _("Assumed"), "value": self.assumption, "wide": True},
        ]

    @property
    def promise(self) -> str:
        """What is due until when, in one sentence."""
        return PROMISES[self.clock.step] % {"day": whole(self.clock.last_day)}

    @property
    def explanation(self) -> list[str]:
        """How the day was found, in plain sentences for the sender; none where the day itself was set."""
        clock = self.clock
        if clock.working_days is None:
            return []
        told = _("Counted from the day after %(start)s: %(days)s, without Saturdays, Sundays and days off.") % {
            "start": whole(clock.starts_on),
            "days": _working_days(clock.working_days),
        }
        more = _("Extended by %(days)s.") % {"days": _working_days(clock.extended_by)} if clock.extended_by else ""
        off = _("Days off in between: %(days)s.") % {"days": listed(self.days_off)} if self.days_off else ""
        worked = _("Worked in between: %(days)s.") % {"days": listed(self.days_worked)} if self.days_worked else ""
        return [part for part in (told, more, off, worked, self.assumption) if part]

    @property
    def assumption(self) -> str:
        """Which years were counted Monday to Friday because their days off are not known (P28)."""
        years = self.clock.due.assumed_years if self.clock.working_days else ()
        if not years:
            return ""
        return _("The days off of %(years)s are not known here yet; counted Monday to Friday.") % {
            "years": listed([str(year) for year in years])
        }


def counts_of(case: Case, at: datetime) -> list[Count]:
    """The running clocks of `case` at `at`, each with its calculation; what runs out first on top."""
    running, days = running_clocks(case)
    if not running:
        return []
    first, last = min(clock.starts_on for clock in running), max(clock.last_day for clock in running)
    named = list(CalendarDay.objects.filter(day__gt=first, day__lte=last).order_by("day"))
    return [_count(clock, named, clock.standing(at, days)) for clock in running]


def is_waiting_for_sender(case: Case) -> bool:
    """Whether the next word is the sender's, so that no limit runs."""
    return not case.is_ended and waits_for_sender(case)


def sign_of(standing: Standing) -> str:
    """The sign for `components/badge.html`: nothing rests on colour alone."""
    if standing.is_overdue:
        return "stop"
    return "focus" if standing.is_soon else "wait"


def whole(day: date) -> str:
    """A day with its year."""
    return date_format(day, "DATE_FORMAT")


def listed(parts: Iterable[str]) -> str:
    """Parts in one line, as the language of the page strings them together."""
    return pgettext("between parts of a list", ", ").join(parts)


def _count(clock: Clock, named: list[CalendarDay], standing: Standing) -> Count:
    inside = [row for row in named if clock.working_days and clock.starts_on < row.day <= clock.last_day]
    return Count(
        clock,
        standing,
        spans([row for row in inside if row.kind == DayKind.HOLIDAY]),
        spans([row for row in inside if row.kind == DayKind.MAKE_UP]),
    )


def spans(rows: list[CalendarDay]) -> list[str]:
    """Days that follow each other under one name, as one span in words."""
    found: list[tuple[str, date, date]] = []
    for row in rows:
        if found and found[-1][0] == row.name and found[-1][2] + DAY == row.day:
            found[-1] = (row.name, found[-1][1], row.day)
        else:
            found.append((row.name, row.day, row.day))
    return [_span(*span) for span in found]


def _span(name: str, first: date, last: date) -> str:
    words = {"name": name, "first": _short(first), "last": _short(last)}
    return (_("%(name)s %(first)s") if first == last else _("%(name)s %(first)s to %(last)s")) % words


def _short(day: date) -> str:
    return date_format(day, pgettext("date format", "F j"))


def _working_days(count: int | None) -> str:
    if not count:
        return ""
    return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}
