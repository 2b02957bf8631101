"""From routes as data to the steps of one review: bureau, branch, superior for sensitive items (S36, S37, S43)."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disclosures.models import Item, ReviewStep, Revision, Stage
from disclosures.models.routes import DecidingUnit, RouteKind
from disclosures.refusal import Refused
from organizations.models import Level, Unit


def stages_for(item: Item) -> list[Stage]:
    """Stages the item passes, in order; a sensitive item also needs its Party superior."""
    kinds = [RouteKind.BRANCH if item.unit.level == Level.BRANCH else RouteKind.BUREAU]
    if item.sensitive:
        kinds.append(RouteKind.SENSITIVE)
    found = [stage for kind in kinds for stage in _stages_of(kind)]
    if not found:
        raise Refused(_("No review route is set up for this unit."), code="no_route")
    return found


def _stages_of(kind: str) -> QuerySet[Stage]:
    return Stage.objects.filter(route__kind=kind).select_related("route").order_by("order")


def deciding_unit(stage: Stage, unit: Unit) -> Unit:
    """The unit whose people decide `stage` for an item of `unit`."""
    if stage.deciding_unit == DecidingUnit.OWN:
        return unit
    if stage.deciding_unit == DecidingUnit.PARTY_PARENT:
        body = unit.party_parent
    else:
        body = Unit.objects.filter(kind=stage.unit_kind, is_active=True).order_by("order").first()
    if body is None:
        raise Refused(_("Nobody is set up to decide the step “%(step)s”.") % {"step": stage.label}, code="no_body")
    return body


def step_of(stage: Stage, revision: Revision, order: int) -> ReviewStep:
    """The step of a review made from `stage`, not stored yet; it holds everything, so the route may change later."""
    return ReviewStep(
        revision=revision,
        order=order,
        name=stage.name,
        name_en=stage.name_en,
        unit=deciding_unit(stage, revision.unit),
        route_kind=stage.route.kind,
        route_version=stage.route.version,
        roles=stage.roles,
        rule=stage.rule,
        chair_roles=stage.chair_roles,
        quorum=stage.quorum,
        aspects=stage.aspects,
        takes_evidence=stage.takes_evidence,
        limit_working_days=stage.limit_working_days,
    )
