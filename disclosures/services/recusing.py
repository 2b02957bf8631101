"""Recusal (回避): a reviewer does not decide on an item, and says why."""

from datetime import datetime

from django.utils.translation import gettext as _

from disclosures import deciding, notices, quorum
from disclosures.models import Item, Recusal
from disclosures.refusal import Refused, Sentence
from disclosures.services import reviewing
from disclosures.services.sensitivity import reason_of
from disclosures.services.trail import tell
from organizations import roles
from organizations.models import User
from organizations.roles import Ability


def why_not_recuse(item: Item, by: User) -> Sentence | None:
    """Why `by` may neither declare a recusal nor enter one: no step names them, and they are not of the office."""
    step = reviewing.open_step(item)
    if step is None:
        return _("No step of review is open.")
    if roles.may(by, Ability.RECORD, item.unit_id):
        return reviewing.why_not_as_contributor(item, by)
    if not step.revision.steps.filter(deciding.named_for(by)).exists():
        return _("This is for the reviewers of the item.")
    return _("Your recusal is recorded already.") if item.recusals.filter(user=by).exists() else None


def recuse(item: Item, by: User, at: datetime, *, revision: int, reason: str, user: User | None = None) -> None:
    """Record that `user` (else `by`) does not decide on the item; refused when nobody could decide it then.

    A step whose rule is met without the person is closed. Raises `Refused`: `not_allowed`, `decided`, `nobody_decides`.
    """
    step = reviewing.step_for(item, revision)
    concerned = user or by
    if concerned != by and not roles.may(by, Ability.RECORD, item.unit_id):
        raise Refused(_("Only the office enters a recusal for somebody else."), code="not_allowed")
    if not step.revision.steps.filter(deciding.named_for(concerned)).exists():
        raise Refused(_("No step of this review is decided by this person."), code="not_allowed")
    if item.recusals.filter(user=concerned).exists():
        raise Refused(_("This recusal is recorded already."), code="recused")
    if step.revision.decisions.filter(decided_by=concerned).exists():
        raise Refused(_("Whoever has decided on this revision cannot be recused any more."), code="decided")
    told = reason_of(reason)
    Recusal.objects.create(
        item=item,
        user=concerned,
        user_name=concerned.display_name,
        reason=told,
        at=at,
        recorded_by=by,
        recorded_by_name=by.display_name,
    )
    tell("review.recused", item, by, after={"revision": revision, "who": concerned.display_name}, reason=told)
    notices.send("review.recused", item, at, by=by)
    for left in step.revision.steps.filter(state__in=["open", "waiting"]):
        stuck = quorum.why_stuck(left, at)
        if stuck is not None:
            raise Refused(stuck, code="nobody_decides")
    if step.decisions.exists() and not quorum.missing(step, at):
        reviewing.agree(item, step, at, by=by)
