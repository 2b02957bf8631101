"""Duties of the catalogue that are due: a period has ended, its limit has not, and nothing was submitted for it (S40).

An item serves a period that its own period touches; one without a period serves that in which its matter occurred, and
one without either the period that had ended when it was issued. What is doubtful is left out: nobody is reminded
falsely.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from disclosures.models import CatalogueEntry, CatalogueEntryVersion, Item
from disclosures.models.items import ItemState
from organizations.calendar import WorkingDays, working_days
from organizations.models import Unit

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
DAY = timedelta(days=1)
SUBMITTED = (ItemState.IN_REVIEW, ItemState.APPROVED)


@dataclass(frozen=True)
class Duty:
    """What a unit owes for the days `first` to `last`, at the latest on `due`."""

    unit: Unit
    version: CatalogueEntryVersion
    first: date
    last: date
    due: date

    def is_served_by(self, item: Item) -> bool:
        """Whether `item`, submitted already, is for this period."""
        if (item.unit_id, item.entry_id) != (self.unit.pk, self.version.entry_id):
            return False
        if item.period_from or item.period_until:
            begin, end = item.period_from or self.first, item.period_until or self.last
            return begin <= self.last and end >= self.first
        if item.occurred_on:
            return self.first <= item.occurred_on <= self.last
        return item.issued_on is None or item.issued_on >= self.first


def ended_period(rule: str, today: date) -> tuple[date, date] | None:
    """First and last day of the period of `rule` that ended last before `today`; None for a rule without periods."""
    months = MONTHS.get(rule)
    if months is None:
        return None
    begin = (today.year * 12 + today.month - 1) // months * months
    return _first_of(begin - months), _first_of(begin) - DAY


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def due_duties(units: Sequence[Unit], today: date) -> list[Duty]:
    """Duties of `units` due on `today` or later for a period that is over, the first due first."""
    entries = CatalogueEntry.objects.filter(is_active=True).prefetch_related("versions__entry")
    days = working_days(today - timedelta(days=366))
    owed = [duty for entry in entries for unit in units if (duty := _owed(entry, unit, today, days))]
    if not owed:
        return []
    items = _submitted(units, owed)
    open_duties = [duty for duty in owed if not any(duty.is_served_by(item) for item in items)]
    return sorted(open_duties, key=lambda duty: (duty.due, duty.version.entry.code, duty.unit.code))


def _owed(entry: CatalogueEntry, unit: Unit, today: date, days: WorkingDays) -> Duty | None:
    version = entry.version_on(today)
    if version is None or unit.level not in version.levels:
        return None
    rule = version.time_limit
    period = ended_period(str(rule.get("rule", "")), today)
    allowed = rule.get("due_working_days")
    if period is None or not isinstance(allowed, int) or version.valid_from > period[1]:
        return None
    due = days.add(period[1], allowed).day
    return Duty(unit, version, *period, due) if today <= due else None


def _submitted(units: Iterable[Unit], owed: Sequence[Duty]) -> list[Item]:
    earliest = min(duty.first for duty in owed)
    recent = Q(period_until__gte=earliest) | Q(issued_on__gte=earliest) | Q(occurred_on__gte=earliest)
    entries = [duty.version.entry_id for duty in owed]
    rows = Item.objects.filter(recent, unit__in=units, entry_id__in=entries, state__in=SUBMITTED)
    fields = ("unit_id", "entry_id", "period_from", "period_until", "occurred_on", "issued_on")
    return list(rows.only(*fields))
