"""What senders write: the opinion itself, once for each form token, and messages to it (S45)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import READER
from disclosures.models import Item
from disclosures.numbers import free_number
from disclosures.refusal import Refused
from disclosures.richtext import clean_text
from feedback import sealing, tokens
from feedback.access import handlers_of
from feedback.models import Case, Message, SenderKind
from feedback.receiving import receiving_unit
from feedback.sealing import Sender
from feedback.services import targeting
from feedback.services.targeting import NOBODY, Accused
from feedback.services.trail import Fact, tell
from feedback.tokens import Token
from organizations.models import Unit


class AlreadySent(Exception):
    """The token was used for other words; nothing was stored."""


def receive(
    token: Token,
    *,
    item: Item | None,
    unit: Unit,
    kind: str,
    text: str,
    sender_kind: SenderKind,
    sender: Sender,
    accused: Accused = NOBODY,
) -> tuple[Case, str]:
    """Store an opinion and return the case with its tracking code; the same token and words give the same again.

    `unit` handles the case: the item's where there is one; its superior does where `accused` names it. The code is not
    stored and cannot be told a second time without the token. Raises `AlreadySent` for other words under a used token,
    `Refused` (`text`) for no words.
    """
    words = clean_text(text)
    if not words:
        raise Refused(_("Write what you want to say."), code="text")
    handling = receiving_unit(unit, accused.unit, timezone.now())
    case = Case(item=item, unit=handling, kind=kind, text=words, sender_kind=sender_kind, is_named=sender.is_known)
    with transaction.atomic():
        stored = _stored(token) or _store(case, token, sender, accused)
    if (stored.text, stored.kind) != (words, kind):
        raise AlreadySent
    return stored, tokens.code_matching(token, stored.code_digest)


def add_message(token: Token, *, text: str) -> Message:
    """Store a sender's message to the case that `token` names, once; the same token and words give the same again.

    Raises `AlreadySent` for other words under a used token, `Refused` (`text`, `ended`).
    """
    words = clean_text(text)
    if not words:
        raise Refused(_("Write what you want to say."), code="text")
    with transaction.atomic():
        at = timezone.now()
        case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(uid=token.subject)
        message = Message.objects.filter(token_digest=token.digest).first() or _append(case, token, words, at)
    if message.text != words:
        raise AlreadySent
    return message


def _append(case: Case, token: Token, words: str, at: datetime) -> Message:
    if case.is_ended:
        raise Refused(_("This case is closed. Please send a new opinion."), code="ended")
    message = Message.objects.create(case=case, is_from_sender=True, text=words, at=at, token_digest=token.digest)
    case.version += 1  # whoever has the page open reads the message before closing or declining
    case.save(update_fields=["version"])
    tell(Fact("case.message_received", recipients=tuple(handlers_of(case.unit, at, case=case))), case, READER, at)
    return message


def _stored(token: Token) -> Case | None:
    return Case.objects.filter(token_digest=token.digest).first()


def _store(case: Case, token: Token, sender: Sender, accused: Accused) -> Case:
    """Insert the case; where another request with the same token came first, return its case."""
    at = timezone.now()
    case.received_at, case.number = at, free_number(Case, "YJ", at)
    case.token_digest, case.code_digest = token.digest, tokens.digest_of(tokens.code_for(token))
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        winner = _stored(token)
        if winner is None:
            raise
        return winner
    if sender.is_known:
        sealing.seal(case, sender, at)
    targeting.name_at_receipt(case, accused, at)
    handlers = tuple(handlers_of(case.unit, at, case=case))
    tell(Fact("case.received", {"kind": case.kind}, recipients=handlers), case, READER, at)
    return case
