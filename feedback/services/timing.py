"""Keeps the derived clock of each case: made anew with every fact of it, and of all running cases by `tick`."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from feedback import clocks, limits
from feedback.clocks import Clock
from feedback.limits import Limits
from feedback.models import ENDED, Case, CaseClock
from organizations.calendar import WorkingDays, working_days

BATCH = 200  # cases looked at together


def renew(case: Case) -> None:
    """Store the clock of `case` as its facts now stand; called in the transaction of the fact, after it."""
    fresh = _fresh(case)
    _store([fresh], *_tables(timezone.localdate(fresh.received_at)))


def refresh() -> int:
    """Store the clocks of every running case anew, so that a changed calendar counts; returns how many changed."""
    running = Case.objects.exclude(state__in=ENDED)
    first = running.aggregate(first=Min("received_at"))["first"]
    CaseClock.objects.filter(case__state__in=ENDED).delete()
    if first is None:
        return 0
    tables = _tables(timezone.localdate(first))
    keys = list(running.order_by("pk").values_list("pk", flat=True))
    return sum(_refresh(keys[start : start + BATCH], *tables) for start in range(0, len(keys), BATCH))


def with_facts(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with everything their clocks are computed from: a fixed number of queries, however many they are."""
    return cases.select_related("unit", "extension", "fulfilment").prefetch_related(*clocks.PARTS)


def running_clocks(case: Case) -> tuple[list[Clock], WorkingDays]:
    """The clocks of one case, computed afresh, with the calendar they were counted by."""
    fresh = _fresh(case)
    known, days = _tables(timezone.localdate(fresh.received_at))
    return clocks.running(fresh, known, days), days


def _fresh(case: Case) -> Case:
    """The case as stored; what hangs on it is read only where a clock depends on it."""
    return Case.objects.select_related("unit", "extension", "fulfilment").get(pk=case.pk)


def _tables(since: date) -> tuple[Limits, WorkingDays]:
    return limits.load(), working_days(since)


def _refresh(keys: list[int], known: Limits, days: WorkingDays) -> int:
    """One batch, its cases locked: no verb runs between reading the facts and storing what follows from them."""
    with transaction.atomic():
        locked = Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        held = list(locked.values_list("pk", flat=True))
        return _store(with_facts(Case.objects.filter(pk__in=held)), known, days)


def _store(cases: Iterable[Case], known: Limits, days: WorkingDays) -> int:
    rows = list(cases)
    stored = {row.case_id: row for row in CaseClock.objects.filter(case__in=rows)}
    changed = 0
    for case in rows:
        first = next(iter(clocks.running(case, known, days)), None)
        changed += _keep(case, first, stored.get(case.pk))
    return changed


def _keep(case: Case, clock: Clock | None, stored: CaseClock | None) -> bool:
    """Write, change or remove the row of one case; whether anything had to be done."""
    if clock is None:
        return bool(stored and stored.delete())
    row = stored or CaseClock(case=case)
    before = (row.step, row.starts_on, row.last_day, row.due_at)
    row.step, row.starts_on, row.last_day, row.due_at = clock.step, clock.starts_on, clock.last_day, clock.ends_at
    if before == (row.step, row.starts_on, row.last_day, row.due_at):
        return False
    row.save()
    return True
