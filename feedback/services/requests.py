"""Disclosure on request (S57): decided with a reason where something is withheld, then handed out."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disclosures.models import Item, Release
from disclosures.refusal import Refused, Sentence
from disclosures.visibility import PUBLIC, Reader
from feedback import clocks
from feedback.access import superiors_of
from feedback.models import (
    REASONED,
    Case,
    CaseState,
    Fulfilment,
    Reply,
    RequestDecision,
    RequestOutcome,
    SenderKind,
)
from feedback.services import handling
from feedback.services.trail import Fact
from feedback.services.words import needed
from organizations.models import User

MEMBER = Reader(is_member=True)  # what every member reads, in whatever branch
GRANTED = (RequestOutcome.GRANTED, RequestOutcome.PART)


def visible_item(case: Case, number: str, at: datetime) -> Item | None:
    """The item of that index number, where the audience of the sender reads it at `at` (rule 1)."""
    reader = MEMBER if case.sender_kind == SenderKind.MEMBER else PUBLIC
    found: QuerySet[Release] = Release.objects.visible_to(reader, at).filter(item__number=number)
    release = found.select_related("item").first()
    return release.item if release else None


def why_not_decide(case: Case, by: User) -> Sentence | None:
    """Why nothing can be decided: it is no request, it was decided, or the findings are missing."""
    if not clocks.is_request(case):
        return _("This is not a request for disclosure.")
    decision = clocks.decision_of(case)
    if decision is not None and decision.is_final:
        return _("The request was decided.")
    return handling.why_not_reply(case, by)


def decide_request(case: Case, by: User, at: datetime, *, outcome: str, reason: str = "", number: str = "") -> Fact:
    """Decide on the request; the sender reads outcome and reason. A refusal is told to the superior organisation."""
    told = needed(reason, "reason", _("Give the reason in writing.")) if outcome in REASONED else reason.strip()
    item = _named(case, number, at) if outcome == RequestOutcome.ALREADY else None
    made = RequestDecision.objects.create(case=case, outcome=outcome, reason=told, item=item, at=at, by=by)
    if item is not None:
        _answer(case, by, at, told or _("What you ask for is disclosed already."), item)
    after = {"decision": made.uid, "outcome": outcome} | ({"item": item.number} if item else {})
    superiors = superiors_of(case.unit, at) if outcome == RequestOutcome.REFUSED else []
    others = tuple(user for user in superiors if user.pk != by.pk)
    return Fact(f"case.request_{outcome}", after, reason=told, recipients=others)


def why_not_fulfil(case: Case, by: User) -> Sentence | None:
    """Why nothing can be handed out: it is no request, or was not granted."""
    if not clocks.is_request(case):
        return _("This is not a request for disclosure.")
    if clocks.fulfilment_of(case):
        return _("The request was fulfilled.")
    decision = clocks.decision_of(case)
    if decision is None or decision.outcome not in GRANTED:
        return _("Grant the request first, or a part of it.")
    return handling.why_not_reply(case, by)


def fulfil(case: Case, by: User, at: datetime, *, text: str, number: str = "") -> Fact:
    """Hand out what was granted: the text given, or the released item it names."""
    item = _named(case, number, at) if number.strip() else None
    words = needed(text, "text", _("Write the answer."))
    _answer(case, by, at, words, item)
    return Fact("case.request_fulfilled", {"item": item.number} if item else {})


def why_not_answer(case: Case, by: User) -> Sentence | None:
    """Why a request cannot simply be answered: it is decided first, and what was granted is handed out."""
    if clocks.is_request(case) and not case.replies.exists():
        decision = clocks.decision_of(case)
        if decision is None or not decision.is_final:
            return _("Decide on the request first.")
        if decision.outcome in GRANTED:
            return _("Hand out first what was granted.")
    return handling.why_not_reply(case, by)


def _named(case: Case, number: str, at: datetime) -> Item:
    item = visible_item(case, number.strip(), at)
    if item is None:
        sentence = _("The sender reads no disclosure with this index number.")
        raise Refused(sentence, code="number", problems={"number": [sentence]})
    return item


def _answer(case: Case, by: User, at: datetime, words: str, item: Item | None) -> None:
    reply = Reply.objects.create(case=case, text=words, at=at, by=by)
    Fulfilment.objects.create(case=case, reply=reply, item=item, at=at, by=by)
    case.state = CaseState.ANSWERED
