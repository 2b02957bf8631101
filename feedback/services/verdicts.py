"""What the sender says of an answer, once; “not solved” with a short why opens the case again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import READER
from disclosures.refusal import Refused
from feedback.access import handlers_of
from feedback.models import Case, CaseState, Reopening, Reply, Satisfaction, Verdict
from feedback.services.trail import Fact, tell
from feedback.services.words import needed
from feedback.workflow import ASKED


def asked_about(case: Case, at: datetime) -> Reply | None:
    """The answer that the sender may judge at `at`: the last one, once, until `PORTAL_REOPEN_DAYS` after closing."""
    last = _last(case)
    if last is None or case.state not in ASKED or hasattr(last, "satisfaction"):
        return None
    is_late = case.closed_at and at - case.closed_at > timedelta(days=settings.PORTAL_REOPEN_DAYS)
    return None if is_late else last


def say(uid: UUID | str, *, verdict: str, why: str = "") -> Case:
    """Store what the sender of the case says of its last answer; the same again changes nothing.

    Raises `Refused`: `said` (something else was said, or it is too late), `text` (not solved, without why).
    """
    told = needed(why, "text", _("Say in a few words what is not solved.")) if verdict == Verdict.NOT_SOLVED else ""
    with transaction.atomic():
        at = timezone.now()
        case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(uid=uid)
        reply = asked_about(case, at)
        if reply is None:
            _refuse_other(case, verdict)
            return case
        Satisfaction.objects.create(case=case, reply=reply, verdict=verdict, at=at)
        tell(Fact("case.judged", {"verdict": verdict}), case, READER, at)
        if verdict == Verdict.NOT_SOLVED:
            _reopen(case, reply, told, at)
    return case


def _reopen(case: Case, reply: Reply, why: str, at: datetime) -> None:
    before = {"state": case.state, "version": case.version}
    Reopening.objects.create(case=case, reply=reply, reason=why, at=at, was_closed_at=case.closed_at)
    case.state, case.closed_at, case.closed_by = CaseState.ACCEPTED, None, None
    case.version += 1  # whoever has the page open reads why before going on
    case.save()
    tell(
        Fact("case.reopened", recipients=tuple(handlers_of(case.unit, at, case=case))), case, READER, at, before=before
    )


def _refuse_other(case: Case, verdict: str) -> None:
    last = _last(case)
    said = getattr(last, "satisfaction", None)
    if said is None or said.verdict != verdict:
        raise Refused(
            _("This can be said once for each answer, and not long after closing. You can send a new opinion."),
            code="said",
        )


def _last(case: Case) -> Reply | None:
    return case.replies.select_related("satisfaction").order_by("-at", "-id").first()
