"""Recomputes the hashes of the trail."""

from dataclasses import dataclass, field
from uuid import UUID

from audit.models import Event

BATCH = 2000  # rows held in memory at once
FIRST = 10  # uids named in the report


@dataclass
class Verification:
    """How many events were read, how many do not match their hash, and which are the first of those."""

    read: int = 0
    bad: int = 0
    first_bad: list[UUID] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Count one event."""
        self.read += 1
        if is_intact(event):
            return
        self.bad += 1
        if len(self.first_bad) < FIRST:
            self.first_bad.append(event.uid)


def is_intact(event: Event) -> bool:
    """Tell whether the stored hash is that of the stored row; a row without a canonical form is not intact."""
    try:
        return event.hash == event.computed_hash()
    except (TypeError, ValueError):
        return False


def verify() -> Verification:
    """Read the whole trail, oldest first, in batches."""
    result = Verification()
    for event in Event.objects.order_by("pk").iterator(chunk_size=BATCH):
        result.add(event)
    return result
