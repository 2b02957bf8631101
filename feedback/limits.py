"""Limits of feedback: which holds for a case, and their history (rule 7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from feedback.models import CaseLimit, ClockStep

SHIPPED: Mapping[ClockStep, int] = {
    ClockStep.ACCEPT: 1,
    ClockStep.REPLY: 15,
    ClockStep.EXTENSION: 15,
    ClockStep.DECIDE: 3,
    ClockStep.EXTENDED_DECISION: 10,
    ClockStep.DISCLOSE: 5,
    ClockStep.WRITTEN_REASON: 3,
}


@dataclass(frozen=True)
class Limits:
    """Every limit ever set, loaded once: for each step (first day, working days), newest first."""

    history: Mapping[str, tuple[tuple[date, int], ...]]

    def of(self, step: ClockStep, received_on: date) -> int | None:
        """Working days for a case received that day; for one older than every limit the first; None where none is."""
        rows = self.history.get(step, ())
        return next((days for since, days in rows if since <= received_on), rows[-1][1] if rows else None)


def load() -> Limits:
    """The limits: one query. Of two set for the same day the later holds."""
    rows: Iterable[CaseLimit] = CaseLimit.objects.order_by("-valid_from", "-id")
    history = defaultdict(list)
    for row in rows:
        history[row.step].append((row.valid_from, row.working_days))
    return Limits({step: tuple(found) for step, found in history.items()})
