"""What a review route must fulfil before it may be stored (S36–S38, S43)."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.models import Aspect, Rule, Stage
from disclosures.models.routes import DecidingUnit, RouteKind
from disclosures.refusal import Sentence
from organizations.models import Appointment, Unit, UnitKind

MUST_BE_EXAMINED = (Aspect.CONTENT, Aspect.SCOPE, Aspect.FORM)


def problems_of(kind: str, stages: Sequence[Stage]) -> list[Sentence]:
    """Everything that hinders a route of `kind` with these stages, in order, as sentences; empty when it may hold."""
    if not stages:
        return [_("A route needs at least one stage.")]
    problems: list[Sentence] = []
    if sorted(stage.order for stage in stages) != list(range(1, len(stages) + 1)):
        problems.append(_("Number the stages 1, 2, 3 and so on, without gaps."))
    examined = {aspect for stage in stages for aspect in stage.aspects}
    left = [str(aspect.label) for aspect in MUST_BE_EXAMINED if aspect not in examined]
    if left:
        problems.append(_("No stage examines: %(aspects)s.") % {"aspects": "、".join(left)})
    if kind == RouteKind.SENSITIVE and all(stage.deciding_unit != DecidingUnit.PARTY_PARENT for stage in stages):
        problems.append(_("The route for sensitive items needs a stage of the Party superior."))
    return problems + [problem for stage in stages for problem in _problems_of_stage(stage)]


def _problems_of_stage(stage: Stage) -> list[Sentence]:
    name = {"stage": stage.name}
    if not stage.roles:
        return [_("Say who decides the stage “%(stage)s”.") % name]
    if not stage.aspects:
        return [_("Say what the stage “%(stage)s” examines.") % name]
    if stage.rule == Rule.CHAIR and not set(stage.chair_roles) & set(stage.roles):
        return [_("Name the chair of the stage “%(stage)s” among its roles.") % name]
    return [
        _("The stage “%(stage)s” needs more people than %(unit)s has today: %(needed)d of %(there)d.")
        % {**name, "unit": unit.label, "needed": needed, "there": len(people)}
        for unit in _units(stage)
        for people, needed in [_reach(stage, unit)]
        if needed > len(people) and not (stage.takes_evidence and not people)
    ]


def _reach(stage: Stage, unit: Unit) -> tuple[set[int], int]:
    """Who decides the stage in `unit` today, and how many it needs; without a chair one more than there are."""
    seats = Appointment.objects.filter(unit=unit, role__in=stage.roles).seats(timezone.localdate())
    people = {seat.acting.pk for seat in seats if seat.acting}
    needed = 1 if stage.rule in (Rule.ONE, Rule.ALL) else stage.quorum
    if stage.rule == Rule.CHAIR and not any(seat.role in stage.chair_roles for seat in seats):
        needed = len(people) + 1
    return people, needed


def _units(stage: Stage) -> list[Unit]:
    """The unit a named body is; for the unit itself or its superior nothing can be said before an item is there."""
    if stage.deciding_unit != DecidingUnit.BODY or stage.unit_kind not in UnitKind.values:
        return []
    return list(Unit.objects.filter(kind=stage.unit_kind, is_active=True).order_by("order")[:1])
