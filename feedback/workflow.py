"""The path of a case as a table: verb, states it starts from, state it leads to, ability it takes, and for whom."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from disclosures.refusal import Sentence
from feedback.models import CaseState as S
from organizations.roles import Ability


class Held(StrEnum):
    """Where the ability must be held."""

    HANDLING = "handling"  # in the unit that handles the case
    RESPONSIBLE = "responsible"  # there, or in a unit responsible for a rectification of it


@dataclass(frozen=True)
class Transition:
    """One row. `leads_to` is None where the outcome depends on what is done; `bumps` raises the case's version."""

    starts_from: frozenset[str]
    leads_to: str | None
    ability: Ability
    label: Sentence
    held: Held = Held.HANDLING
    bumps: bool = True


def row(
    *starts_from: str,
    to: str | None,
    label: Sentence,
    ability: Ability = Ability.HANDLE,
    held: Held = Held.HANDLING,
    bumps: bool = True,
) -> Transition:
    """Write one line of the table."""
    return Transition(frozenset(starts_from), to, ability, label, held, bumps)


UNDER_WAY = (S.ACCEPTED, S.INVESTIGATING, S.ANSWERED)
LATER = (S.RECTIFYING, S.RECTIFIED, S.VERIFIED)
EVERY = tuple(S)
ASKED = (
    S.ANSWERED,
    S.VERIFIED,
    S.CLOSED,
)  # here the sender may say “solved” or, leading back to ACCEPTED, “not solved”

TRANSITIONS: dict[str, Transition] = {
    "accept": row(S.RECEIVED, to=S.ACCEPTED, label=_("Accept the case")),
    "decline": row(S.RECEIVED, S.ACCEPTED, to=S.DECLINED, label=_("Decline with a reason")),
    "investigate": row(S.ACCEPTED, S.ANSWERED, to=S.INVESTIGATING, label=_("Take on the investigation")),
    "find": row(S.INVESTIGATING, to=S.INVESTIGATING, label=_("Enter the findings")),
    "ask": row(S.RECEIVED, *UNDER_WAY, *LATER, to=None, label=_("Write to the sender")),
    "reply": row(*UNDER_WAY, *LATER, to=None, label=_("Answer the sender")),
    "rectify": row(*UNDER_WAY, *LATER, to=S.RECTIFYING, label=_("Order a rectification")),
    "report_done": row(S.RECTIFYING, to=None, held=Held.RESPONSIBLE, label=_("Report it put right")),
    "verify": row(S.RECTIFYING, S.RECTIFIED, to=None, label=_("Verify the rectification")),
    "close": row(S.ANSWERED, S.VERIFIED, to=S.CLOSED, label=_("Close the case")),
    "publish": row(*UNDER_WAY, *LATER, S.CLOSED, to=None, label=_("Propose an answer for publication")),
    "review_answer": row(*UNDER_WAY, *LATER, S.CLOSED, to=None, label=_("Look at an answer before it is published")),
    "hide": row(*UNDER_WAY, *LATER, S.CLOSED, to=None, label=_("Take a published answer back")),
    "extend": row(*UNDER_WAY, to=None, label=_("Extend the limit")),
    "decide_request": row(S.ACCEPTED, S.INVESTIGATING, to=None, label=_("Decide on the request")),
    "fulfil": row(S.ACCEPTED, S.INVESTIGATING, to=None, label=_("Hand out what was granted")),
    "transfer": row(S.RECEIVED, *UNDER_WAY, *LATER, to=None, label=_("Pass the case on to another unit")),
    "name_target": row(S.RECEIVED, *UNDER_WAY, *LATER, to=None, label=_("Record who is complained about")),
    "ask_identity": row(
        *EVERY, to=None, ability=Ability.OPEN_IDENTITY, label=_("Ask to open the identity"), bumps=False
    ),
    "decide_identity": row(
        *EVERY, to=None, ability=Ability.GRANT_IDENTITY, label=_("Grant or refuse the opening"), bumps=False
    ),
    "open_identity": row(*EVERY, to=None, ability=Ability.OPEN_IDENTITY, label=_("Open the identity"), bumps=False),
}
