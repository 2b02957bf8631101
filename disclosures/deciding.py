"""Who decides a step of review: seats, less those away, contributors, the recused and earlier deciders (S36, S37).

`undecided` for a step and `steps_decided_by` for a person say the same; a test compares them.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from disclosures.models import Decision, Recusal, ReviewStep, RevisionContributor
from disclosures.models.reviews import StepState
from organizations import roles
from organizations.models import Appointment, User


def seats_of(step: ReviewStep, at: datetime) -> list[Appointment]:
    """Offices that decide `step` on that day, with who acts in each; an office whose holder is away has its substitute.

    A person in two seats has one: that of the chair before others, an own one before a substitute's.
    """
    rows = Appointment.objects.filter(unit_id=step.unit_id, role__in=step.roles).seats(timezone.localdate(at))
    chosen: dict[int, Appointment] = {}
    for seat in sorted(rows, key=lambda seat: _rank(step, seat)):
        assert seat.acting is not None
        chosen.setdefault(seat.acting.pk, seat)
    return list(chosen.values())


def _rank(step: ReviewStep, seat: Appointment) -> tuple[bool, bool]:
    return (seat.role not in step.chair_roles, seat.is_acting)


def seat_of(step: ReviewStep, user: User) -> Appointment | None:
    """The office in which `user` decides `step` today."""
    held = [seat for seat in roles.seats(user) if seat.unit_id == step.unit_id and seat.role in step.roles]
    return min(held, key=lambda seat: _rank(step, seat), default=None)


def excluded(step: ReviewStep) -> set[int]:
    """Keys of those who never decide the step: contributors, the recused, deciders of other steps of this review."""
    others = Decision.objects.filter(revision_id=step.revision_id, decided_by__isnull=False)
    if step.pk:
        others = others.exclude(step=step)
    return {
        *RevisionContributor.objects.filter(revision_id=step.revision_id).values_list("user_id", flat=True),
        *Recusal.objects.filter(item__revisions=step.revision_id).values_list("user_id", flat=True),
        *others.values_list("decided_by_id", flat=True),
    }


def deciders(step: ReviewStep, at: datetime) -> list[Appointment]:
    """Seats of those who may still decide the step or have decided it, each person once."""
    out = excluded(step)
    return [seat for seat in seats_of(step, at) if seat.acting and seat.acting.pk not in out]


def undecided(step: ReviewStep, at: datetime) -> list[Appointment]:
    """Seats of those who may decide the step now."""
    done = set(step.decisions.values_list("decided_by_id", flat=True)) if step.pk else set()
    return [seat for seat in deciders(step, at) if seat.acting and seat.acting.pk not in done]


def steps_decided_by(user: User) -> QuerySet[ReviewStep]:
    """Open steps `user` may decide now, longest waiting first; the queryset twin of `undecided`."""
    same = {"revision_id": OuterRef("revision_id")}
    recused = Recusal.objects.filter(item__revisions=OuterRef("revision_id"), user=user)
    steps = ReviewStep.objects.filter(_named_in(roles.seats(user)), state=StepState.OPEN).exclude(Exists(recused))
    steps = steps.exclude(Exists(RevisionContributor.objects.filter(user=user, **same)))
    return steps.exclude(Exists(Decision.objects.filter(decided_by=user, **same))).order_by("opened_at", "id")


def named_for(user: User) -> Q:
    """Condition on steps, open or not, that the offices of `user` name: own ones and those they stand in for."""
    return _named_in([*roles.appointments(user), *roles.seats(user)])


def _named_in(seats: list[Appointment]) -> Q:
    condition = Q(pk__in=[])
    for seat in seats:
        condition |= Q(unit_id=seat.unit_id, roles__icontains=f'"{seat.role}"')
    return condition
