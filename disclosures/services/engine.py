"""The engine behind every verb: lock, ask why not, change, record, all in one transaction (rule 2)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Event
from disclosures.models import Item
from disclosures.refusal import Refused, Sentence
from disclosures.services import drafting, recusing, redacting, releasing, remarking, reviewing, sensitivity, urgency
from disclosures.workflow import TRANSITIONS, Transition
from organizations import roles
from organizations.models import User
from organizations.roles import Ability

Handler = Callable[..., None]
Guard = Callable[[Item, User], Sentence | None]

HANDLERS: dict[str, Handler] = {
    "save": drafting.save,
    "submit": drafting.submit,
    "recall": drafting.recall,
    "discard": drafting.discard,
    "correct": drafting.correct,
    "decide": reviewing.decide,
    "record": reviewing.record_decision,
    "raise": sensitivity.raise_flag,
    "lower": sensitivity.ask_lowering,
    "confirm_lower": sensitivity.confirm_lowering,
    "recuse": recusing.recuse,
    "withdraw": releasing.withdraw,
    "remark": remarking.remark,
    "resolve": remarking.resolve,
    "urge": urgency.urge,
    "redact": redacting.redact,
    "confirm_redaction": redacting.confirm,
}
GUARDS: dict[str, Guard] = {
    "decide": reviewing.why_not_decide,
    "record": reviewing.why_not_record,
    "raise": sensitivity.why_not_raise,
    "lower": sensitivity.why_not_lower,
    "confirm_lower": sensitivity.why_not_confirm,
    "recuse": recusing.why_not_recuse,
    "withdraw": releasing.why_not_withdraw,
    "remark": remarking.why_not_remark,
    "resolve": remarking.why_not_remark,
    "urge": urgency.why_not_urge,
    "recall": urgency.why_not_recall,
    "redact": redacting.why_not_redact,
    "confirm_redaction": redacting.why_not_confirm,
}


def perform(verb: str, *, item: Item, by: User, expected_version: int | None, **payload: Any) -> Item:
    """Carry out `verb` on `item` for `by` in one transaction and return the fresh item.

    `expected_version` is the version the person saw (None for an item that is not stored yet). Raises `Refused`
    with a code and a sentence, and then nothing was changed: `stale`, `not_allowed`, or what the verb itself refuses.
    The instant is the server's (S40: a posting time nobody can edit).
    """
    transition = TRANSITIONS[verb]
    with transaction.atomic():
        at = timezone.now()
        subject = _locked(item, expected_version, by) if item.pk else item
        reason = why_not(verb, item=subject, by=by)
        if reason is not None:
            raise Refused(reason, code="not_allowed")
        HANDLERS[verb](subject, by, at, **payload)
        _settle(subject, transition, by, at)
    return subject


def why_not(verb: str, *, item: Item, by: User) -> Sentence | None:
    """Why `by` may not do `verb` on `item` now, in a sentence a clerk can act on; None when nothing hinders."""
    transition = TRANSITIONS[verb]
    if not _holds_ability(by, transition.ability, item):
        return _("Your role does not allow this for %(unit)s.") % {"unit": item.unit}
    if item.state not in transition.starts_from:
        return _unfit(item)
    guard = GUARDS.get(verb)
    return guard(item, by) if guard else None


def _unfit(item: Item) -> Sentence:
    """That the verb does not fit the item's state, and the way on where there is one."""
    if item.state == Item.State.APPROVED:
        return _("This item is approved. To change it, start a correction.")
    if item.state == Item.State.IN_REVIEW:
        return _("The item is under review, so its text stays as it is. To change it, recall it first.")
    return _("This is not possible while the item is in the state “%(state)s”.") % {"state": item.get_state_display()}


def _holds_ability(by: User, ability: Ability, item: Item) -> bool:
    """Deciders are named by the route, not by the item's unit; every other ability is held in the item's unit."""
    return roles.may(by, ability) if ability is Ability.DECIDE else roles.may(by, ability, item.unit_id)


def _locked(item: Item, expected_version: int | None, by: User) -> Item:
    """The row, locked until the end of the transaction; refused when it is not the version that was seen."""
    row = Item.objects.select_for_update(of=("self",)).select_related("unit", "current_revision").get(pk=item.pk)
    if row.version != expected_version:
        changes = _changes_since(row, expected_version or 0)
        sentence = _("Someone else changed this item in the meantime. Nothing of yours was saved over it.")
        if changes["accounts"] == [by.username]:
            sentence = _("You changed this item in another window in the meantime. Nothing was saved over that.")
        raise Refused(sentence, code="stale", changes=changes)
    return row


def _changes_since(item: Item, version: int) -> dict[str, Any]:
    """Who changed which fields after `version`, from the trail."""
    events = Event.objects.filter(subject_kind="item", subject_ref=str(item.uid)).order_by("at", "id")
    later = [event for event in events if int((event.after or {}).get("version") or 0) > version]
    fields = {name for event in later for name in (event.after or {}).get("changed", [])}
    return {
        "fields": sorted(fields),
        "by": sorted({event.actor_name for event in later}),
        "accounts": sorted({event.actor_username for event in later}),
        "at": later[-1].at if later else item.updated_at,
        "version": item.version,
    }


def _settle(item: Item, transition: Transition, by: User, at: datetime) -> None:
    """Write state, version and the last hand once, after the verb has done its work."""
    if transition.leads_to is not None:
        item.state = transition.leads_to
    if transition.bumps:
        item.updated_at, item.updated_by = at, by
    item.save()
