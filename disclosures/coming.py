"""What the catalogue says will be disclosed next: names of duties and their last days, never an item.

Readers are told by the catalogue alone and by what they can read already, so that a text still hidden from them betrays
itself neither by standing here nor by being absent (rule 1).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.duties import ended_period
from disclosures.listing import midnight
from disclosures.models import Audience, CatalogueEntryVersion
from disclosures.periods import next_period
from disclosures.visibility import Reader, ReleaseQuerySet, since_field
from organizations.calendar import WorkingDays, working_days
from organizations.models import Unit

DAY = timedelta(days=1)
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Coming:
    """A duty of the catalogue, the period it is for and the last day on which it is to be disclosed."""

    version: CatalogueEntryVersion
    first: date
    last: date
    due: date

    @property
    def period(self) -> str:
        """The period in words."""
        return period_words(str(self.version.time_limit.get("rule", "")), self.first)


def coming_duties(
    versions: Iterable[CatalogueEntryVersion], visible: ReleaseQuerySet, reader: Reader, at: datetime
) -> list[Coming]:
    """For each periodic duty the next last day, the earliest first; one query, two more where a period is over.

    A period that is over counts until its last day, unless every unit that owes it has disclosed something for the
    entry since, as far as `visible` shows.
    """
    today = timezone.localdate(at)
    versions = [version for version in versions if concerns(version, reader)]
    days = working_days(today - YEAR)
    over = [duty for version in versions if (duty := _ended(version, today, days))]
    owed = _still_owed(over, visible, reader) if over else {}
    found = [owed.get(version.pk) or _running(version, today, days) for version in versions]
    duties = [duty for duty in found if duty]
    return sorted(duties, key=lambda duty: (duty.due, not duty.version.vital_interest, duty.version.entry.code))


def versions_in_force(day: date) -> list[CatalogueEntryVersion]:
    """The version of each active entry that is in force on `day`, in the order of the catalogue; one query."""
    rows = CatalogueEntryVersion.objects.filter(entry__is_active=True, valid_from__lte=day).select_related("entry")
    newest = {row.entry_id: row for row in rows.order_by("entry__category__order", "entry__code", "number")}
    return list(newest.values())


def concerns(version: CatalogueEntryVersion, reader: Reader) -> bool:
    """Duties inside the Party alone are announced to those who read there."""
    return reader.reads_internal or version.audience == Audience.INTERNAL_THEN_PUBLIC


def _duty(version: CatalogueEntryVersion, first: date, last: date, days: WorkingDays) -> Coming | None:
    allowed = version.time_limit.get("due_working_days")
    if not isinstance(allowed, int) or version.valid_from > last:
        return None
    return Coming(version, first, last, days.add(last, allowed).day)


def _ended(version: CatalogueEntryVersion, today: date, days: WorkingDays) -> Coming | None:
    """The duty for the period that is over, while its last day is not."""
    period = ended_period(str(version.time_limit.get("rule", "")), today)
    duty = _duty(version, *period, days) if period else None
    return duty if duty and today <= duty.due else None


def _running(version: CatalogueEntryVersion, today: date, days: WorkingDays) -> Coming | None:
    """The duty for the period that `today` belongs to."""
    period = ended_period(str(version.time_limit.get("rule", "")), today)
    first, last = next_period(version.time_limit, *period) if period else (None, None)
    return _duty(version, first, last, days) if first and last else None


def _still_owed(over: Iterable[Coming], visible: ReleaseQuerySet, reader: Reader) -> dict[int, Coming]:
    """Ended duties, by version, for which some unit has shown this reader nothing since the period was over."""
    duties = list(over)
    entries = [duty.version.entry_id for duty in duties]
    begin = midnight(min(duty.last for duty in duties) + DAY)
    since = since_field(reader)
    rows = visible.filter(**{f"{since}__gte": begin}, revision__entry__in=entries).order_by()
    shown = {(entry, unit): at for entry, unit, at in rows.values_list("revision__entry_id", "unit_id", since)}
    units = list(Unit.objects.filter(discloses=True, is_active=True))
    return {duty.version.pk: duty for duty in duties if not all(shown.get(key) for key in _owing(duty, units))}


def _owing(duty: Coming, units: Iterable[Unit]) -> list[tuple[int, int]]:
    """Entry and unit of everyone who owes the duty; at least one, so that nobody's duty still stands."""
    owing = [(duty.version.entry_id, unit.pk) for unit in units if unit.level in duty.version.levels]
    return owing or [(0, 0)]


def period_words(rule: str, first: date) -> str:
    """The period of `rule` that begins on `first`, as pages say it."""
    place = {"monthly": first.month, "quarterly": (first.month + 2) // 3, "half_yearly": (first.month + 5) // 6}
    words = {
        "monthly": [_("%(month)s %(year)s")],
        "quarterly": [
            _("first quarter of %(year)s"),
            _("second quarter of %(year)s"),
            _("third quarter of %(year)s"),
            _("fourth quarter of %(year)s"),
        ],
        "half_yearly": [_("first half of %(year)s"), _("second half of %(year)s")],
    }.get(rule, [_("the year %(year)s")])
    chosen = words[(place.get(rule, 1) - 1) % len(words)]
    return chosen % {"year": first.year, "month": first.month}
