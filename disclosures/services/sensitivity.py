"""The sensitive flag in review: raised by any reviewer, lowered by two of them (S42, S43)."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disclosures import deciding, notices, quorum, routing
from disclosures.models import Item, ReviewStep, SensitivityChange, Stage
from disclosures.models.reviews import StepState
from disclosures.models.routes import RouteKind
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_text
from disclosures.services import reviewing, urgency
from disclosures.services.trail import tell
from organizations import roles
from organizations.models import User
from organizations.roles import Ability

Kind = SensitivityChange.Kind


def why_not_review(item: Item, by: User) -> Sentence | None:
    """Why `by` is no reviewer of the item: no step names them, they record nothing, or they wrote or recused."""
    step = reviewing.open_step(item)
    if step is None:
        return _("No step of review is open.")
    is_named = step.revision.steps.filter(deciding.named_for(by)).exists()
    if not is_named and not roles.may(by, Ability.RECORD, item.unit_id):
        return _("This is for the reviewers of the item.")
    if item.recusals.filter(user=by).exists():
        return _("You do not decide on this item: your recusal is recorded.")
    return reviewing.why_not_as_contributor(item, by)


def why_not_raise(item: Item, by: User) -> Sentence | None:
    """Every reviewer may send the item to the superior organisation, once."""
    reason = why_not_review(item, by)
    if reason is None and _superior_steps(item).exclude(state=StepState.LIFTED).exists():
        return _("The superior organisation already has a step in this review.")
    return reason


def why_not_lower(item: Item, by: User) -> Sentence | None:
    """Why `by` may not ask that the item be no longer sensitive."""
    return _why_not_lowered(item, by) or (_("A lowering already waits for a second person.") if waiting(item) else None)


def why_not_confirm(item: Item, by: User) -> Sentence | None:
    """Why `by` may not confirm the lowering that waits: a second person, never the one who asked."""
    reason = _why_not_lowered(item, by)
    if reason is not None:
        return reason
    asked = waiting(item)
    if asked is None:
        return _("Nobody has asked for a lowering.")
    return _("A second person confirms what you asked for.") if asked.by_id == by.pk else None


def _why_not_lowered(item: Item, by: User) -> Sentence | None:
    reason = why_not_review(item, by)
    if reason is not None:
        return reason
    version = reviewing.revision_of(item).entry_version
    if version and version.sensitive:
        return _("The catalogue says that this entry is sensitive; a reviewer cannot lower it.")
    superior = _superior_steps(item).exclude(state=StepState.LIFTED)
    if not superior.exists():
        return _("The item is not sensitive.")
    if superior.exclude(state=StepState.WAITING).exists():
        return _("The superior organisation already has the item; it decides.")
    return None


def waiting(item: Item) -> SensitivityChange | None:
    """The lowering of the current revision that waits for a second person."""
    rows = SensitivityChange.objects.filter(revision=item.current_revision, kind=Kind.LOWER)
    return rows.filter(confirmed_at__isnull=True).first()


def was_raised(item: Item) -> bool:
    """Whether a reviewer sent an earlier revision to the superior that its drafter had not marked sensitive (S42)."""
    steps = ReviewStep.objects.filter(route_kind=RouteKind.SENSITIVE, revision__sensitive=False)
    return steps.filter(revision__item_id=item.pk).exclude(state=StepState.LIFTED).exists()


def raise_flag(item: Item, by: User, at: datetime, *, revision: int, reason: str) -> None:
    """Add the superior's steps behind the others: a reviewer may raise what a drafter did not (S42)."""
    step = reviewing.step_for(item, revision)
    told = reason_of(reason)
    last = step.revision.steps.order_by("-order").first()
    assert last is not None
    stages = Stage.objects.filter(route__kind=RouteKind.SENSITIVE).select_related("route").order_by("order")
    added = [routing.step_of(stage, step.revision, last.order + place) for place, stage in enumerate(stages, start=1)]
    stuck = next((why for new in added if (why := quorum.why_stuck(new, at))), None)
    if stuck is not None:
        raise Refused(stuck, code="nobody_decides")
    ReviewStep.objects.bulk_create(added)
    item.sensitive = True
    _change(item, by, at, Kind.RAISE, told)
    tell("review.raised", item, by, after={"revision": revision}, reason=told)
    notices.send("review.raised", item, at, by=by)
    urgency.end(item, by, at, reason=told)


def ask_lowering(item: Item, by: User, at: datetime, *, revision: int, reason: str) -> None:
    """Ask, with a reason, that the superior's steps be lifted; nothing changes until a second person confirms."""
    step = reviewing.step_for(item, revision)
    told = reason_of(reason)
    _change(item, by, at, Kind.LOWER, told)
    tell("review.lowering_asked", item, by, after={"revision": revision}, reason=told)
    notices.send("review.lowering_asked", item, at, by=by, step=step)


def confirm_lowering(item: Item, by: User, at: datetime, *, revision: int) -> None:
    """Lift the superior's steps that nobody has reached yet."""
    reviewing.step_for(item, revision)
    asked = waiting(item)
    assert asked is not None  # the guard has asked
    asked.confirmed_by, asked.confirmed_by_name, asked.confirmed_at = by, by.display_name, at
    asked.save()
    _superior_steps(item).filter(state=StepState.WAITING).update(state=StepState.LIFTED, closed_at=at)
    item.sensitive = False
    tell("review.lowered", item, by, after={"revision": revision, "asked_by": asked.by_name}, reason=asked.reason)
    notices.send("review.lowered", item, at, by=by)


def reason_of(text: str) -> str:
    """The reason, cleaned; refused when nothing is left."""
    told = clean_text(text)
    if not told:
        raise Refused(_("Give the reason."), code="reason", problems={"reason": [_("Give the reason.")]})
    return told


def _change(item: Item, by: User, at: datetime, kind: str, reason: str) -> None:
    SensitivityChange.objects.create(
        revision=reviewing.revision_of(item), kind=kind, reason=reason, by=by, by_name=by.display_name, at=at
    )


def _superior_steps(item: Item) -> QuerySet[ReviewStep]:
    return ReviewStep.objects.filter(revision=item.current_revision, route_kind=RouteKind.SENSITIVE)
