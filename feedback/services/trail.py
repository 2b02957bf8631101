"""What every verb leaves behind: an Event without words of the opinion or of its sender, and notices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.services import Actor, record
from audit.verbs import describe, name_kinds
from feedback import conflicts
from feedback.models import Case
from feedback.services.timing import renew
from notifications.services import notify
from organizations.models import User

name_kinds({"case": _("case")})
describe(
    {
        "case.received": _("sent an opinion"),
        "case.entered": _("entered an opinion that came by another way"),
        "case.judged": _("said whether the matter is solved"),
        "case.reopened": _("found it not solved, so that the case goes on"),
        "case.message_received": _("added a message to the opinion"),
        "case.accepted": _("accepted the case"),
        "case.declined": _("declined the case"),
        "case.investigation_started": _("took on the investigation"),
        "case.investigation_finished": _("entered the findings"),
        "case.sender_asked": _("wrote to the sender"),
        "case.replied": _("answered the sender"),
        "case.target_named": _("recorded who is complained about"),
        "case.transferred": _("passed the case on to another unit"),
        "case.answer_proposed": _("proposed an answer for publication"),
        "case.answer_returned": _("returned an answer proposed for publication"),
        "case.answer_published": _("approved an answer for publication"),
        "case.answer_hidden": _("took a published answer back"),
        "case.rectification_ordered": _("ordered a rectification"),
        "case.rectification_done": _("reported the rectification done"),
        "case.rectification_verified": _("verified the rectification"),
        "case.rectification_not_verified": _("found the rectification not done"),
        "case.closed": _("closed the case"),
        "case.limit_extended": _("extended the limit"),
        "case.request_granted": _("granted the request"),
        "case.request_part": _("granted the request in part"),
        "case.request_refused": _("refused the request"),
        "case.request_already": _("answered that it is disclosed already"),
        "case.request_unclear": _("asked to complete the request"),
        "case.request_fulfilled": _("handed out what was granted"),
        "case.due_soon": _("has a limit that runs out on the next working day"),
        "case.due_today": _("has a limit that runs out today"),
        "case.overdue": _("has a limit that has passed"),
        "identity.asked_for": _("asked to open the identity of the sender"),
        "identity.granted": _("granted the opening of the identity"),
        "identity.refused": _("refused the opening of the identity"),
        "identity.destroyed": _("destroyed the identity of the sender, as its time was over"),
        "identity.opened": _("opened the identity of the sender"),
    }
)


@dataclass(frozen=True)
class Fact:
    """What a verb did: for the trail, and for the people who should know."""

    verb: str
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    recipients: tuple[User, ...] = ()


def tell(fact: Fact, case: Case, by: User | Actor, at: datetime, *, before: Mapping[str, Any] | None = None) -> None:
    """Write the event of `fact`, its notices and the clock that follows from it; a notice names the case only."""
    record(
        fact.verb,
        by=by,
        subject_kind="case",
        subject_ref=case.uid,
        subject_label=case.number,
        unit_code=case.unit.code,
        before=before,
        after={"state": case.state, "version": case.version, **fact.after},
        reason=fact.reason,
    )
    renew(case)
    notify_about(case, fact.verb, fact.recipients, at)


def notify_about(case: Case, verb: str, recipients: Iterable[User], at: datetime) -> None:
    """Write notices about `case`; never to anybody it complains about."""
    notify(conflicts.unnamed(recipients, case), verb=verb, subject_kind="case", subject_ref=str(case.uid), at=at)
