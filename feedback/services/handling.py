"""What staff do with a case (S46): each function changes it in memory, writes its rows and returns the fact."""

from datetime import datetime

from django.utils.translation import gettext as _

from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_text
from feedback import access
from feedback.models import Case, CaseState, Investigation, Message, Reply
from feedback.services import publishing
from feedback.services.rectifying import done_by, rectifications
from feedback.services.trail import Fact
from feedback.services.words import needed
from feedback.wishes import is_answered_in_public, may_be_published
from organizations.models import User


def accept(case: Case, by: User, at: datetime) -> Fact:
    """Take the case on."""
    case.accepted_at, case.accepted_by = at, by
    return Fact("case.accepted")


def decline(case: Case, by: User, at: datetime, *, reason: str) -> Fact:
    """Refuse the case; the sender reads the reason."""
    case.decline_reason = needed(reason, "reason", _("Give the reason."))
    case.declined_at, case.declined_by = at, by
    return Fact("case.declined", reason=case.decline_reason)


def investigate(case: Case, by: User, at: datetime) -> Fact:
    """Begin to look into the matter, as investigator."""
    Investigation.objects.create(case=case, investigator=by, started_at=at)
    return Fact("case.investigation_started")


def why_not_find(case: Case, by: User) -> Sentence | None:
    """Why the findings cannot be entered: nobody investigates, or somebody else does."""
    running = _running(case)
    if running is None:
        return _("The findings have been entered.")
    if running.investigator_id != by.pk and access.handles(running.investigator, case):
        return _("The investigator enters the findings.")
    return None


def find(case: Case, by: User, at: datetime, *, findings: str) -> Fact:
    """End the investigation with its findings."""
    running = _running(case)
    assert running is not None
    running.findings = needed(findings, "findings", _("Enter the findings."))
    running.finished_at = max(at, running.started_at)  # the clock may have been set back
    running.save(update_fields=["findings", "finished_at"])
    return Fact("case.investigation_finished")


def ask(case: Case, by: User, at: datetime, *, text: str) -> Fact:
    """Write to the sender without answering yet."""
    words = needed(text, "text", _("Write the message."))
    Message.objects.create(case=case, is_from_sender=False, text=words, at=at, by=by)
    return Fact("case.sender_asked")


def why_not_reply(case: Case, by: User) -> Sentence | None:
    """Why the sender cannot be answered yet: the investigation is not finished."""
    return _("Enter the findings of the investigation first.") if _running(case) else None


def reply(
    case: Case,
    by: User,
    at: datetime,
    *,
    text: str,
    published_question: str = "",
    published_text: str = "",
    mask: bool = False,
    kept_because: str = "",
) -> Fact:
    """Answer the sender; with both published texts the answer is also proposed for publication."""
    words = needed(text, "text", _("Write the answer."))
    made = Reply.objects.create(case=case, text=words, at=at, by=by)
    if case.state in (CaseState.ACCEPTED, CaseState.INVESTIGATING):
        case.state = CaseState.ANSWERED
    if not published_question and not published_text:
        return Fact("case.replied", {"proposed": False})
    if not may_be_published(case):
        raise Refused(_("The sender does not wish the answer to be published."), code="wish")
    proposed = publishing.propose(
        case, made, by, at, question=published_question, text=published_text, mask=mask, kept_because=kept_because
    )
    return Fact("case.replied", {"proposed": True}, recipients=proposed.recipients)


def why_not_close(case: Case, by: User) -> Sentence | None:
    """Why the case cannot be closed: the sender was not answered, or the closer put it right."""
    if not case.replies.exists():
        return _("Answer the sender first.")
    if any(done_by(rectification) == by.pk for rectification in rectifications(case)):
        return _("You reported it done, so another person closes the case.")
    return None


def close(case: Case, by: User, at: datetime, *, unpublished_because: str = "") -> Fact:
    """End the case; a sender without name and contact was answered in public, or somebody says why not."""
    told = clean_text(unpublished_because)
    if is_answered_in_public(case) and not case.replies.filter(publications__isnull=False).exists():
        told = needed(
            told,
            "unpublished_because",
            _("The sender left no name or contact: propose the answer for publication, or say why not."),
        )
    case.closed_at, case.closed_by = at, by
    return Fact("case.closed", reason=told)


def _running(case: Case) -> Investigation | None:
    return case.investigations.filter(finished_at__isnull=True).first()
