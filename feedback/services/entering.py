"""Staff enter what came by letter, visit, telephone, in a meeting or a box, for units whose feedback they handle."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from disclosures.refusal import Refused
from feedback.models import Case, SenderKind
from feedback.sealing import Sender
from feedback.services.sending import Arrival, receive
from feedback.tokens import Token
from organizations import roles
from organizations.models import Unit
from organizations.roles import Ability


@dataclass(frozen=True)
class Letter:
    """What stands in the letter or was said: its words, and who sent it, sealed as online."""

    unit: Unit
    kind: str
    text: str
    sender_kind: SenderKind
    sender: Sender


def enter(token: Token, *, letter: Letter, arrival: Arrival) -> tuple[Case, str]:
    """Store what `arrival.entered.by` enters and return the case with the code for the sender's slip (S45).

    Raises `Refused` (`not_allowed`, and as `receive`), `AlreadySent`, `ReceiptOver`.
    """
    assert arrival.entered is not None
    if not roles.may(arrival.entered.by, Ability.HANDLE, letter.unit):
        raise Refused(_("Your role does not allow this for %(unit)s.") % {"unit": letter.unit}, code="not_allowed")
    return receive(
        token,
        item=None,
        unit=letter.unit,
        kind=letter.kind,
        text=letter.text,
        sender_kind=letter.sender_kind,
        sender=letter.sender,
        arrival=arrival,
    )
