"""What ends the steps of a review without a decision."""

from datetime import datetime

from disclosures.models import Item, ReviewStep
from disclosures.models.reviews import StepState


def close_undecided(item: Item, at: datetime) -> int:
    """Close the open and waiting steps of the item's revision; returns how many there were."""
    steps = ReviewStep.objects.filter(revision=item.current_revision)
    return steps.filter(state__in=[StepState.OPEN, StepState.WAITING]).update(state=StepState.CANCELLED, closed_at=at)
