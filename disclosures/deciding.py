"""Who decides a step of review: seats, less those away, contributors, the recused and earlier deciders (S36, S37).

`undecided` for a step and `steps_decided_by` for a person say the same; a test compares them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from disclosures.models import Decision, Outcome, Recusal, Release, ReviewStep, Revision, RevisionContributor
from disclosures.models.reviews import StepState
from organizations import roles
from organizations.models import Appointment, User


def seats_of(step: ReviewStep, at: datetime) -> list[Appointment]:
    """Offices that decide `step` on that day, with who acts in each; an office whose holder is away has its substitute.

    A person in two seats has one: that of the chair before others, an own one before a substitute's.
    """
    rows = Appointment.objects.filter(unit_id=step.unit_id, role__in=step.roles).seats(timezone.localdate(at))
    return one_seat_each(step, rows)


def seats_in(unit_id: int, at: datetime) -> list[Appointment]:
    """Every office of a unit in which somebody acts on that day."""
    return Appointment.objects.filter(unit_id=unit_id).seats(timezone.localdate(at))


def one_seat_each(step: ReviewStep, rows: Iterable[Appointment]) -> list[Appointment]:
    """Of each person the seat that counts most for `step`."""
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
    """Keys of those who never decide the step: authors, the recused, the urgent opener, deciders of other steps."""
    others = Decision.objects.filter(revision_id=step.revision_id, decided_by__isnull=False)
    if step.pk:
        others = others.exclude(step=step)
    return {
        *RevisionContributor.objects.filter(revision_id=step.revision_id).values_list("user_id", flat=True),
        *Recusal.objects.filter(item__revisions=step.revision_id).values_list("user_id", flat=True),
        *Release.objects.filter(revision_id=step.revision_id, urgent_by__isnull=False).values_list(
            "urgent_by_id", flat=True
        ),
        *others.values_list("decided_by_id", flat=True),
    }


@dataclass
class Barred:
    """Who cannot decide on a revision whatever the step, and who decided: step, person, role, whether they agreed."""

    people: set[int] = field(default_factory=set)
    decided: list[tuple[int, int, str, bool]] = field(default_factory=list)


def barred_from(revisions: Sequence[Revision]) -> dict[int, Barred]:
    """The same as `excluded` for many revisions at once, in four queries."""
    found = {revision.pk: Barred() for revision in revisions}
    of_item = {revision.item_id: revision.pk for revision in revisions}
    for revision, person in RevisionContributor.objects.filter(revision__in=found).values_list(
        "revision_id", "user_id"
    ):
        found[revision].people.add(person)
    for item, person in Recusal.objects.filter(item__in=of_item).values_list("item_id", "user_id"):
        found[of_item[item]].people.add(person)
    urged = Release.objects.filter(revision__in=found, urgent_by__isnull=False)
    for revision, person in urged.values_list("revision_id", "urgent_by_id"):
        found[revision].people.add(person)
    taken = Decision.objects.filter(revision__in=found, decided_by__isnull=False)
    for revision, step, person, role, outcome in taken.values_list(
        "revision_id", "step_id", "decided_by_id", "role", "outcome"
    ):
        found[revision].decided.append((step, person, role, outcome == Outcome.APPROVE))
    return found


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
    steps = steps.exclude(Exists(Release.objects.filter(urgent_by=user, **same)))
    return steps.exclude(Exists(Decision.objects.filter(decided_by=user, **same))).order_by("opened_at", "id")


def named_for(user: User) -> Q:
    """Condition on steps, open or not, that the offices of `user` name: own ones and those they stand in for."""
    return _named_in([*roles.appointments(user), *roles.seats(user)])


def _named_in(seats: list[Appointment]) -> Q:
    condition = Q(pk__in=[])
    for seat in seats:
        condition |= Q(unit_id=seat.unit_id, roles__icontains=f'"{seat.role}"')
    return condition
