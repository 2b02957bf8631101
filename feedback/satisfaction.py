"""How senders judged the answers, counted for each unit: the last word on each case."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from feedback.models import Case, Satisfaction, Verdict
from organizations.models import Unit

FEW = 5  # fewer judged cases than this say nothing of a unit: shares are not told


@dataclass(frozen=True)
class Judged:
    """One unit: how many cases senders judged, and how."""

    unit: str
    solved: int
    partly: int
    not_solved: int

    @property
    def total(self) -> int:
        """Cases judged."""
        return self.solved + self.partly + self.not_solved

    @property
    def share(self) -> int | None:
        """Per cent of them solved; None where there are too few to tell."""
        return round(100 * self.solved / self.total) if self.total >= FEW else None


def by_unit(cases: QuerySet[Case]) -> list[Judged]:
    """A row for each unit whose cases among `cases` were judged, in the order of the units."""
    last = Satisfaction.objects.filter(case__in=cases.order_by()).values("case").annotate(last=Max("id")).values("last")
    counts = {verdict: Count("id", filter=Q(verdict=verdict)) for verdict in Verdict.values}
    rows = Satisfaction.objects.filter(id__in=last).order_by().values("case__unit").annotate(**counts)
    found: dict[int, Any] = {row["case__unit"]: row for row in rows}
    units = Unit.objects.filter(pk__in=found) if found else []
    return [
        Judged(unit.label, *(found[unit.pk][verdict] for verdict in ("solved", "partly", "not_solved")))
        for unit in units
    ]
