"""How senders judged the answers, counted for each unit: the last word on each case."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from feedback.models import Case, Satisfaction, Verdict

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
    counts = {f"n_{verdict}": Count("id", filter=Q(verdict=verdict)) for verdict in Verdict.values}
    rows = Satisfaction.objects.filter(id__in=last).order_by().values("case__unit__order", "case__unit__name")
    counted = rows.annotate(**counts).order_by("case__unit__order", "case__unit__name")
    return [
        Judged(row["case__unit__name"], row["n_solved"], row["n_partly"], row["n_not_solved"]) for row in counted
    ]
