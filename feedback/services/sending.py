"""What senders write: the opinion itself, once for each form token, and messages to it (S45)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import READER
from disclosures.models import Item, StoredFile
from disclosures.numbers import free_number
from disclosures.refusal import Refused
from disclosures.richtext import clean_line, clean_text
from feedback import sealing, tokens
from feedback.access import handlers_of
from feedback.models import Case, Intake, Message, SenderKind, Wish
from feedback.receiving import receiving_unit
from feedback.sealing import Sender
from feedback.services import targeting
from feedback.services.files import are_those_of, attach
from feedback.services.targeting import NOBODY, Accused
from feedback.services.trail import Fact, tell
from feedback.tokens import Token
from organizations.models import Unit, User


class AlreadySent(Exception):
    """The token was used for other words or files; nothing was stored."""


class ReceiptOver(Exception):
    """The opinion is stored, and its receipt was shown for as long as it is shown; the code is not told again."""


@dataclass(frozen=True)
class Entered:
    """How an opinion came that `by` enters: a letter, a visit, a call, a meeting."""

    by: User
    channel: str
    arrived_on: date
    place: str = ""


@dataclass(frozen=True)
class Arrival:
    """What comes beside the words: files already stored, whether the answer may be published, who entered it."""

    files: tuple[StoredFile, ...] = ()
    may_publish: bool | None = None
    entered: Entered | None = None


def receive(
    token: Token,
    *,
    item: Item | None,
    unit: Unit,
    kind: str,
    text: str,
    sender_kind: SenderKind,
    sender: Sender,
    arrival: Arrival = Arrival(),
    accused: Accused = NOBODY,
) -> tuple[Case, str]:
    """Store an opinion and return the case with its tracking code; the same token and words give the same again.

    `unit` handles the case: the item's where there is one; its superior does where `accused` names it. The code is not
    stored and cannot be told a second time without the token, nor with it once `PORTAL_RECEIPT_MINUTES` are over.
    Raises `AlreadySent` for other words or files under a used token, `ReceiptOver`, `Refused` (`text`, `arrived_on`).
    """
    words = clean_text(text)
    if not words:
        raise Refused(_("Write what you want to say."), code="text")
    at = timezone.now()
    _refuse_future(arrival.entered, at)
    handling = receiving_unit(unit, accused.unit, at)
    case = Case(item=item, unit=handling, kind=kind, text=words, sender_kind=sender_kind, is_named=sender.is_known)
    with transaction.atomic():
        stored = _stored(token) or _store(case, token, sender, arrival, accused, at)
        if stored is not case:
            _refuse_other(stored, case, arrival, at)
    return stored, tokens.code_matching(token, stored.code_digest)


def add_message(token: Token, *, text: str, files: tuple[StoredFile, ...] = ()) -> Message:
    """Store a sender's message to the case that `token` names, once; the same token and words give the same again.

    Raises `AlreadySent` for other words or files under a used token, `Refused` (`text`, `ended`).
    """
    words = clean_text(text)
    if not words:
        raise Refused(_("Write what you want to say."), code="text")
    with transaction.atomic():
        at = timezone.now()
        case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(uid=token.subject)
        message = Message.objects.filter(token_digest=token.digest).first()
        if message is None:
            message = _append(case, token, words, at)
            attach(case, files, message)
        elif message.text != words or not are_those_of(message.files.all(), files):
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


def _refuse_other(stored: Case, case: Case, arrival: Arrival, at: datetime) -> None:
    """Swallow nothing: what was sent under this token before must be what is sent now."""
    wish = Wish.objects.filter(case=stored).first()
    is_same = (stored.text, stored.kind) == (case.text, case.kind)
    if not is_same or (wish and wish.may_publish) != arrival.may_publish:
        raise AlreadySent
    if not are_those_of(stored.files.filter(message=None), arrival.files):
        raise AlreadySent
    if at - stored.received_at > timedelta(minutes=settings.PORTAL_RECEIPT_MINUTES):
        raise ReceiptOver


def _refuse_future(entered: Entered | None, at: datetime) -> None:
    sentence = _("The day lies in the future.")
    if entered and entered.arrived_on > timezone.localdate(at):
        raise Refused(sentence, code="arrived_on", problems={"arrived_on": [sentence]})


def _store(case: Case, token: Token, sender: Sender, arrival: Arrival, accused: Accused, at: datetime) -> Case:
    """Insert the case; where another request with the same token came first, return its case."""
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
    if arrival.may_publish is not None:
        Wish.objects.create(case=case, may_publish=arrival.may_publish)
    attach(case, arrival.files)
    targeting.name_at_receipt(case, accused, at)
    _tell_arrival(case, arrival.entered, handlers_of(case.unit, at, case=case), at)
    return case


def _tell_arrival(case: Case, entered: Entered | None, handlers: Iterable[User], at: datetime) -> None:
    """Write who entered it, where somebody did, and the Event, which names no sender."""
    if entered is None:
        tell(Fact("case.received", {"kind": case.kind}, recipients=tuple(handlers)), case, READER, at)
        return
    place = clean_line(entered.place)
    channel, day = entered.channel, entered.arrived_on
    Intake.objects.create(case=case, channel=channel, arrived_on=day, place=place, entered_at=at, entered_by=entered.by)
    others = tuple(user for user in handlers if user.pk != entered.by.pk)
    told = {"kind": case.kind, "channel": channel, "arrived_on": day}
    tell(Fact("case.entered", told, recipients=others), case, entered.by, at)
