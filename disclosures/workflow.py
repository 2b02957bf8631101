"""The workflow as a table: verb, states it starts from, state it leads to, ability it takes.

`docs/workflow.md` prints it, a test compares the two, and `services.perform` reads nothing else to decide whether a
verb fits the state of an item. What readers see is not a state: it is computed from releases.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models.items import ItemState as S
from disclosures.refusal import Sentence
from organizations.roles import Ability


@dataclass(frozen=True)
class Transition:
    """One row. `leads_to` is None where the outcome depends on what is decided; `bumps` raises the item's version."""

    starts_from: frozenset[str]
    leads_to: str | None
    ability: Ability
    label: Sentence
    bumps: bool = True


def row(*starts_from: str, to: str | None, ability: Ability, label: Sentence, bumps: bool = True) -> Transition:
    """Write one line of the table."""
    return Transition(frozenset(starts_from), to, ability, label, bumps)


EVERY = (S.DRAFT, S.IN_REVIEW, S.RETURNED, S.APPROVED)

TRANSITIONS: dict[str, Transition] = {
    "save": row(S.DRAFT, S.RETURNED, to=None, ability=Ability.DRAFT, label=_("Save draft")),
    "submit": row(S.DRAFT, S.RETURNED, to=S.IN_REVIEW, ability=Ability.DRAFT, label=_("Submit for review")),
    "recall": row(S.IN_REVIEW, to=S.DRAFT, ability=Ability.DRAFT, label=_("Recall from review")),
    "discard": row(S.DRAFT, S.RETURNED, to=None, ability=Ability.DRAFT, label=_("Discard the draft")),
    "decide": row(S.IN_REVIEW, to=None, ability=Ability.DECIDE, label=pgettext_lazy("review", "Decide"), bumps=False),
    "record": row(S.IN_REVIEW, to=None, ability=Ability.RECORD, label=_("Enter a decision"), bumps=False),
    "raise": row(
        S.IN_REVIEW, to=S.IN_REVIEW, ability=Ability.DECIDE, label=_("Send to the superior organisation"), bumps=False
    ),
    "urge": row(
        S.IN_REVIEW,
        to=S.IN_REVIEW,
        ability=Ability.URGE,
        label=pgettext_lazy("publication", "Open urgently"),
        bumps=False,
    ),
    "lower": row(
        S.IN_REVIEW, to=S.IN_REVIEW, ability=Ability.DECIDE, label=_("Ask that it be no longer sensitive"), bumps=False
    ),
    "confirm_lower": row(
        S.IN_REVIEW, to=S.IN_REVIEW, ability=Ability.DECIDE, label=_("Confirm that it is not sensitive"), bumps=False
    ),
    "recuse": row(S.IN_REVIEW, to=None, ability=Ability.DECIDE, label=_("Do not decide on this item"), bumps=False),
    "correct": row(S.APPROVED, to=S.DRAFT, ability=Ability.DRAFT, label=_("Start a correction")),
    "remark": row(
        *EVERY, S.DISCARDED, to=None, ability=Ability.READ_ITEMS, label=_("Write an internal remark"), bumps=False
    ),
    "resolve": row(
        *EVERY, S.DISCARDED, to=None, ability=Ability.READ_ITEMS, label=_("Settle an internal remark"), bumps=False
    ),
    "withdraw": row(*EVERY, to=None, ability=Ability.WITHDRAW, label=_("Withdraw the disclosure")),
    "redact": row(*EVERY, to=None, ability=Ability.WITHDRAW, label=_("Redact after publication")),
    "confirm_redaction": row(*EVERY, to=None, ability=Ability.DECIDE, label=_("Confirm the redaction"), bumps=False),
}
