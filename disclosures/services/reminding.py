"""Reminders of steps due soon, overdue or stuck: one notice a person, step and kind, however often this runs."""

from datetime import datetime

from django.db import transaction

from disclosures import limits, notices
from disclosures.models import ReviewStep, StepReminder
from disclosures.models.reviews import ReminderKind, StepState
from disclosures.quorum import stuck_steps
from disclosures.services.trail import notify_about

VERBS = {
    ReminderKind.DUE_SOON: "review.due_soon",
    ReminderKind.OVERDUE: "review.overdue",
    ReminderKind.STUCK: "review.stuck",
}


def remind(at: datetime) -> int:
    """Tell everyone concerned of steps due by the end of the next working day; returns how many were told."""
    steps = ReviewStep.objects.filter(state=StepState.OPEN, due_at__lte=limits.soon_until(at))
    return sum(_remind_of(pk, at) for pk in steps.order_by("due_at", "id").values_list("pk", flat=True))


def _remind_of(pk: int, at: datetime) -> int:
    """The lock on the step lets two runs at once pass one after the other; the second finds the reminders sent."""
    with transaction.atomic():
        row = ReviewStep.objects.select_for_update(of=("self",)).select_related("unit", "revision__item__unit")
        step = row.filter(pk=pk, state=StepState.OPEN, due_at__isnull=False).first()
        if step is None or step.due_at is None:
            return 0
        kind = ReminderKind.OVERDUE if step.due_at <= at else ReminderKind.DUE_SOON
        return _tell(step, kind, at)


def warn_of_stuck(at: datetime) -> list[ReviewStep]:
    """Tell the office once of every step that nobody can decide, and return those it had not been told of (S36).

    A step that somebody can decide again is forgotten, so that it is told anew should it be stuck once more.
    """
    stuck = stuck_steps(at)
    StepReminder.objects.filter(kind=ReminderKind.STUCK).exclude(step__in=stuck).delete()
    return [step for step in stuck if _warn_of(step.pk, at)]


def _warn_of(pk: int, at: datetime) -> int:
    with transaction.atomic():
        row = ReviewStep.objects.select_for_update(of=("self",)).select_related("unit", "revision__item__unit")
        return _tell(row.get(pk=pk), ReminderKind.STUCK, at)


def _tell(step: ReviewStep, kind: ReminderKind, at: datetime) -> int:
    """Tell those who were not told of this yet; returns how many."""
    item = step.revision.item
    told = set(step.reminders.filter(kind=kind).values_list("recipient_id", flat=True))
    new = [user for user in notices.recipients(VERBS[kind], item, at, step=step) if user.pk not in told]
    StepReminder.objects.bulk_create(StepReminder(step=step, recipient=user, kind=kind, sent_at=at) for user in new)
    notify_about(item, VERBS[kind], new, at)
    return len(new)
