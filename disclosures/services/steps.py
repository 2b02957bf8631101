"""The steps of a review: which one waits, and what ends them without a decision."""

from datetime import datetime

from disclosures.models import Item, ReviewStep
from disclosures.models.reviews import StepState


def open_step(item: Item) -> ReviewStep | None:
    """The step that waits for a decision on the current revision."""
    if item.current_revision_id is None:
        return None
    steps = ReviewStep.objects.filter(revision_id=item.current_revision_id, state=StepState.OPEN)
    return steps.select_related("unit", "revision").first()


def close_undecided(item: Item, at: datetime) -> int:
    """Close the open and waiting steps of the item's revision; returns how many there were."""
    steps = ReviewStep.objects.filter(revision=item.current_revision)
    return steps.filter(state__in=[StepState.OPEN, StepState.WAITING]).update(state=StepState.CANCELLED, closed_at=at)
