"""The rule of a step: whether it is met, and whether it can still be met by the people there are (S36, S37)."""

from datetime import datetime

from django.utils.translation import gettext as _

from disclosures import deciding
from disclosures.models import Item, Outcome, ReviewStep, Rule
from disclosures.models.reviews import StepState
from disclosures.refusal import Sentence
from organizations import roles
from organizations.models import Appointment, User
from organizations.roles import Ability


def missing(step: ReviewStep, at: datetime) -> int:
    """How many agreements the step still needs; 0 when its rule is met."""
    given = _agreed(step)
    left = deciding.undecided(step, at)
    if step.rule == Rule.ALL:
        return max(len(left), 1 - len(given))
    count = (1 if step.rule == Rule.ONE else step.quorum) - len(given)
    if step.rule == Rule.CHAIR and not set(given) & set(step.chair_roles):
        return max(count, 1)
    return max(count, 0)


def can_be_met(step: ReviewStep, at: datetime, *, without: User | None = None) -> bool:
    """Whether the people who may decide now suffice for what is missing, also if `without` were not among them."""
    left = [seat for seat in deciding.undecided(step, at) if seat.acting != without]
    return _suffice(step, _agreed(step), left)


def _suffice(step: ReviewStep, given: list[str], left: list[Appointment]) -> bool:
    held = [*given, *(seat.role for seat in left)]
    needed = 1 if step.rule in (Rule.ONE, Rule.ALL) else step.quorum
    has_chair = step.rule != Rule.CHAIR or bool(set(held) & set(step.chair_roles))
    return len(held) >= needed and has_chair


def _agreed(step: ReviewStep) -> list[str]:
    """Roles of those who agreed in the portal, one a person."""
    if not step.pk:
        return []
    rows = step.decisions.filter(outcome=Outcome.APPROVE, decided_by__isnull=False)
    return list(rows.values_list("role", flat=True))


def may_be_recorded(step: ReviewStep) -> bool:
    """Whether somebody who wrote nothing of it may enter the decision of a meeting or document."""
    if not step.takes_evidence:
        return False
    wrote = step.revision.contributors.values("user")
    people = User.objects.filter(is_active=True, appointments__isnull=False).exclude(pk__in=wrote).distinct()
    return any(roles.may(user, Ability.RECORD, step.revision.unit_id) for user in people)


def why_stuck(step: ReviewStep, at: datetime) -> Sentence | None:
    """Why nobody can bring the step to its end; None when somebody can."""
    if can_be_met(step, at) or may_be_recorded(step):
        return None
    return _("The step “%(step)s” cannot be decided: too few people may decide it who did not write the item.") % {
        "step": step.label
    }


def stuck_steps(at: datetime) -> list[ReviewStep]:
    """Open and coming steps of reviews under way whose rule the people there are cannot meet; few queries for many."""
    steps = ReviewStep.objects.filter(
        revision__item__state=Item.State.IN_REVIEW, state__in=[StepState.OPEN, StepState.WAITING]
    )
    rows = list(steps.select_related("unit", "revision__unit", "revision__item").order_by("opened_at", "id"))
    barred = deciding.barred_from([step.revision for step in rows])
    seats = {unit: deciding.seats_in(unit, at) for unit in {step.unit_id for step in rows}}
    return [step for step in rows if not _is_manned(step, seats[step.unit_id], barred[step.revision_id])]


def _is_manned(step: ReviewStep, seats: list[Appointment], barred: "deciding.Barred") -> bool:
    named = deciding.one_seat_each(step, [seat for seat in seats if seat.role in step.roles])
    out = barred.people | {key for other, key, _role, _agreed in barred.decided if other != step.pk}
    done = [(key, role) for other, key, role, agreed in barred.decided if other == step.pk and agreed]
    out |= {key for key, _role in done}
    return _suffice(step, [role for _key, role in done], [s for s in named if s.acting and s.acting.pk not in out])
