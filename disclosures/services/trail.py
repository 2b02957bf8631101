"""What every verb leaves behind: an Event, and notices to the right people, in the transaction of the fact."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.services import record
from audit.verbs import describe, name_kinds
from disclosures.models import Item
from notifications.services import notify
from organizations.models import User

name_kinds({"item": _("disclosure item"), "portal": _("The portal")})
describe(
    {
        "item.created": _("began the draft"),
        "item.saved": _("saved the draft"),
        "item.submitted": _("submitted the item for review"),
        "item.recalled": _("recalled the item from review"),
        "item.discarded": _("discarded the draft"),
        "item.correction_started": _("began a correction"),
        "item.copied": _("began the draft from an earlier item"),
        "item.backfilled": _("entered the item from a sheet of earlier disclosures"),
        "item.remarked": _("wrote an internal remark"),
        "item.remark_resolved": _("settled an internal remark"),
        "review.step_opened": _("opened the next step of review"),
        "review.approved": _("agreed in review"),
        "review.returned": _("returned the item"),
        "review.decision_recorded": _("entered a decision"),
        "review.raised": _("sent the item on to the superior organisation"),
        "review.recused": _("recorded that somebody does not decide on the item"),
        "review.lowering_asked": _("asked that the item be no longer sensitive"),
        "review.lowered": _("confirmed that the item is no longer sensitive"),
        "release.opened": _("opened the approved revision to readers"),
        "item.marked_file_destroyed": _("destroyed a file that bears a secrecy mark"),
        "release.held": _("kept the text closed to the public, because screening found something new"),
        "release.withdrawn": _("withdrew the disclosure"),
        "review.due_soon": _("has a step of review that is due on the next working day"),
        "review.overdue": _("has a step of review that is overdue"),
        "review.stuck": _("has a step of review that nobody can decide"),
        "release.urged": _("opened the item urgently, before its review was through"),
        "release.urgency_confirmed": _("confirmed the urgent publication"),
        "release.urgency_ended": _("withdrew the urgent publication, because the review did not agree"),
        "item.redacted": _("masked the item after its publication and destroyed what had leaked"),
        "item.redaction_confirmed": _("confirmed the redaction"),
        "portal.items_generated": _("generated items for measurement"),
    }
)


def tell(
    verb: str,
    item: Item,
    by: User | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write one event about `item`."""
    record(
        verb,
        by=by,
        subject_kind="item",
        subject_ref=item.uid,
        subject_label=item.number or "",
        unit_code=item.unit.code,
        before=before,
        after=after,
        reason=reason,
    )


def notify_about(item: Item, verb: str, recipients: Iterable[User], at: datetime) -> None:
    """Write notices about `item`; the text names no content, only the verb and a reference."""
    notify(recipients, verb=verb, subject_kind="item", subject_ref=str(item.uid), at=at)


def contributors_of(item: Item) -> list[User]:
    """Everyone who saved the item."""
    return list(User.objects.filter(pk__in=item.contributors.values("user")))
