"""The engine behind every verb of staff: lock, ask why not, change, record, all in one transaction (rule 2)."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.refusal import Refused, Sentence
from feedback import access, conflicts
from feedback.models import Case
from feedback.sealing import Sender
from feedback.services import (
    extending,
    handling,
    opening,
    publishing,
    rectifying,
    requests,
    targeting,
    transferring,
)
from feedback.services.trail import Fact, tell
from feedback.workflow import TRANSITIONS
from organizations.models import User

Handler = Callable[..., Fact]
Guard = Callable[[Case, User], Sentence | None]

HANDLERS: dict[str, Handler] = {
    "accept": handling.accept,
    "decline": handling.decline,
    "investigate": handling.investigate,
    "find": handling.find,
    "ask": handling.ask,
    "reply": handling.reply,
    "publish": publishing.publish,
    "review_answer": publishing.review,
    "hide": publishing.hide,
    "name_target": targeting.name_target,
    "transfer": transferring.transfer,
    "ask_identity": opening.ask,
    "decide_identity": opening.decide,
    "rectify": rectifying.rectify,
    "report_done": rectifying.report_done,
    "verify": rectifying.verify,
    "close": handling.close,
    "extend": extending.extend,
    "decide_request": requests.decide_request,
    "fulfil": requests.fulfil,
}
GUARDS: dict[str, Guard] = {
    "find": handling.why_not_find,
    "reply": requests.why_not_answer,
    "publish": publishing.why_not_publish,
    "review_answer": publishing.why_not_review,
    "hide": publishing.why_not_hide,
    "ask_identity": opening.why_not_ask,
    "decide_identity": opening.why_not_decide,
    "open_identity": opening.why_not_open,
    "rectify": handling.why_not_reply,
    "report_done": rectifying.why_not_report_done,
    "verify": rectifying.why_not_verify,
    "close": handling.why_not_close,
    "extend": extending.why_not_extend,
    "decide_request": requests.why_not_decide,
    "fulfil": requests.why_not_fulfil,
}


def perform(verb: str, *, case: Case, by: User, expected_version: int, **payload: Any) -> Case:
    """Carry out `verb` on `case` for `by` in one transaction and return the fresh case.

    `expected_version` is the version the person saw. Raises `Refused` with a code and a sentence, and then nothing
    was changed: `stale`, `not_allowed`, or what the verb itself refuses. The instant is the server's.
    """
    transition = TRANSITIONS[verb]
    with transaction.atomic():
        at = timezone.now()
        row = _locked(case, expected_version)
        reason = why_not(verb, case=row, by=by)
        if reason is not None:
            raise Refused(reason, code="not_allowed")
        before = {"state": row.state, "version": row.version}
        fact = HANDLERS[verb](row, by, at, **payload)
        row.state = transition.leads_to or row.state
        row.version += 1 if transition.bumps else 0
        row.save()
        tell(fact, row, by, at, before=before)
    return row


def why_not(verb: str, *, case: Case, by: User) -> Sentence | None:
    """Why `by` may not do `verb` on `case` now, in a sentence a clerk can act on; None when nothing hinders."""
    transition = TRANSITIONS[verb]
    near = conflicts.why_not(verb, case, by)
    if near is not None:
        return near
    if not access.holds(by, transition, case):
        return _("Your role does not allow this for %(unit)s.") % {"unit": case.unit}
    if case.state not in transition.starts_from:
        return _("This is not possible while the case is in the state “%(state)s”.") % {
            "state": case.get_state_display()
        }
    guard = GUARDS.get(verb)
    return guard(case, by) if guard else None


def open_identity(*, case: Case, by: User) -> Sender:
    """Return who sent `case` to whom it was granted, once and within a day; see `services.opening`.

    Raises `Refused`: `not_allowed`, `sealed`.
    """
    refusal = why_not("open_identity", case=case, by=by)
    if refusal is not None:
        raise Refused(refusal, code="not_allowed")
    return opening.open_granted(case, by)


def _locked(case: Case, expected_version: int) -> Case:
    """The row, locked until the end of the transaction; refused when it is not the version that was seen."""
    row = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
    if row.version != expected_version:
        raise Refused(
            _("Someone else worked on this case in the meantime. Nothing was changed; read it again first."),
            code="stale",
        )
    return row
