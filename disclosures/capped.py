"""Counts that stop: beyond a cap the exact number would cost more than it tells a reader."""

from typing import Any

from django.db.models import IntegerField, Subquery

from disclosures.visibility import ReleaseQuerySet

CAP = 1000


class CappedCount(Subquery):
    """How many rows the inner query finds, counted up to one more than `CAP`; it may refer to the outer query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()

    def __init__(self, rows: ReleaseQuerySet, **extra: Any) -> None:
        super().__init__(rows.order_by().values("pk")[: CAP + 1], **extra)


def count_words(count: int) -> str:
    """A count as pages write it: exact up to the cap, then `1000+`."""
    return f"{CAP}+" if count > CAP else str(count)
