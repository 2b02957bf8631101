"""What stands below an item in the admin: its verbs with their reasons, revisions, reviews and releases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse

from disclosures import access
from disclosures.models import Decision, Item, ReviewStep, Revision
from disclosures.models.items import ItemState
from disclosures.refusal import Sentence
from disclosures.services import why_not
from disclosures.services.copying import why_not_copy
from disclosures.workflow import TRANSITIONS
from organizations import roles
from organizations.models import Unit, User

VERBS = ("recall", "correct", "urge", "withdraw", "discard")
WITH_REASON = frozenset(("urge", "withdraw"))
ASKED = (*VERBS, "confirm_redaction")  # those with a page that asks before


@dataclass(frozen=True)
class Button:
    """One verb on the item's page; `why_not` is the sentence why it cannot be pressed now."""

    verb: str
    label: Sentence
    url: str
    why_not: Sentence | None


def record_of(item: Item, user: User) -> dict[str, Any]:
    """Verbs, revisions with their reviews (newest first) and releases of one item."""
    return {
        "buttons": buttons_for(item, user),
        "revisions": reviewed(item.revisions.order_by("-number")),
        "releases": item.releases.select_related("revision", "withdrawn_by", "urgent_by").order_by("-id"),
        "redactions": item.redactions.select_related("corrected_revision").prefetch_related(
            "revisions__revision", "files"
        ),
        "may_copy": why_not_copy(item, user) is None,
        "remarks": item.remarks.all(),
        "why_not_remark": why_not("remark", item=item, by=user),
        "readable": set(access.revisions_readable_by(user).filter(item=item).values_list("pk", flat=True)),
    }


def entries_with_items(user: User, unit: Unit) -> set[int | None]:
    """Keys of the entries of which `unit` has an item this person reads and could go on from."""
    rows = access.items_readable_by(user).filter(unit=unit).exclude(state=ItemState.DISCARDED)
    return set(rows.values_list("entry_id", flat=True))


def buttons_for(item: Item, user: User) -> list[Button]:
    """Verbs the role of `user` has for this unit and that fit the state, whether or not they are possible now."""
    return [*_verbs_for(item, user), *_redaction_for(item, user)]


def _redaction_for(item: Item, user: User) -> list[Button]:
    """The way to mend a leak, where something was ever opened; it has a page of its own."""
    if why_not("redact", item=item, by=user) is not None:
        return []
    url = reverse("admin:disclosures_item_redact", args=[item.pk])
    return [Button("redact", TRANSITIONS["redact"].label, url, None)]


def _verbs_for(item: Item, user: User) -> list[Button]:
    return [
        Button(
            verb,
            TRANSITIONS[verb].label,
            reverse("admin:disclosures_item_act", args=[item.pk, verb]),
            why_not(verb, item=item, by=user),
        )
        for verb in VERBS
        if item.state in TRANSITIONS[verb].starts_from and roles.may(user, TRANSITIONS[verb].ability, item.unit_id)
    ]


def reviewed(revisions: Any) -> Iterable[Revision]:
    """Revisions with their steps, decisions and verdicts, in a fixed number of queries."""
    decisions = (
        Decision.objects.prefetch_related("verdicts", "passages").select_related("evidence_file").order_by("decided_at")
    )
    steps = ReviewStep.objects.select_related("unit").order_by("order")
    return revisions.prefetch_related(Prefetch("steps", steps), Prefetch("steps__decisions", decisions))
