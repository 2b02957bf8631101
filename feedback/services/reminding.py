"""Reminders of clocks: before, on and after the last day, rising from handlers to the unit's head to the office.

One notice a person, clock and stage, however often this runs; it names the case and nothing of its words. Whoever may
not read the case is not told of it.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from disclosures import limits
from feedback import access
from feedback.models import ENDED, Case, CaseClock, ClockReminder, ReminderStage
from feedback.services.trail import notify_about
from organizations.models import User

VERBS = {
    ReminderStage.SOON: "case.due_soon",
    ReminderStage.TODAY: "case.due_today",
    ReminderStage.OVERDUE: "case.overdue",
}


def remind(at: datetime) -> int:
    """Tell everyone concerned of clocks that run out by the end of the next working day; returns how many were told."""
    due = CaseClock.objects.filter(due_at__lte=limits.soon_until(at)).exclude(case__state__in=ENDED)
    return sum(_remind_of(pk, at) for pk in due.order_by("due_at", "id").values_list("case", flat=True))


def people_for(case: Case, stage: ReminderStage, at: datetime) -> list[User]:
    """Who is told at that stage, each once: those who may read the case (S76)."""
    told = [*access.handlers_of(case.unit, at, case=case)]
    if stage != ReminderStage.SOON:
        told += access.heads_of(case.unit, at)
    if stage == ReminderStage.OVERDUE:
        told += limits.office(at)
    once = {user.pk: user for user in told}
    return [user for user in once.values() if access.readable_by(user).filter(pk=case.pk).exists()]


def _remind_of(case_pk: int, at: datetime) -> int:
    """The lock on the case lets two runs at once pass one after the other; the second finds the reminders sent."""
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case_pk)
        clock = CaseClock.objects.filter(case=case).first()
        if clock is None or case.is_ended:
            return 0
        stage = stage_of(clock, at)
        return _tell(case, clock, stage, at) if stage else 0


def stage_of(clock: CaseClock, at: datetime) -> ReminderStage | None:
    """How far the clock has run at `at`."""
    if clock.due_at <= at:
        return ReminderStage.OVERDUE
    if clock.last_day == timezone.localdate(at):
        return ReminderStage.TODAY
    return ReminderStage.SOON if clock.due_at <= limits.soon_until(at) else None


def _tell(case: Case, clock: CaseClock, stage: ReminderStage, at: datetime) -> int:
    sent = case.reminders.filter(step=clock.step, last_day=clock.last_day, stage=stage)
    told = set(sent.values_list("recipient_id", flat=True))
    new = [user for user in people_for(case, stage, at) if user.pk not in told]
    ClockReminder.objects.bulk_create(
        ClockReminder(case=case, step=clock.step, last_day=clock.last_day, stage=stage, recipient=user, sent_at=at)
        for user in new
    )
    notify_about(case, VERBS[stage], new, at)
    return len(new)
