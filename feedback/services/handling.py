"""What staff do with a case (S46): each function changes it in memory, writes its rows and returns the fact."""

from datetime import datetime

from django.utils.translation import gettext as _

from disclosures.refusal import Refused, Sentence
from feedback import access
from feedback.models import Case, CaseState, Investigation, Message, Reply
from feedback.services.rectifying import done_by, rectifications
from feedback.services.trail import Fact
from feedback.services.words import needed
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
    case: Case, by: User, at: datetime, *, text: str, published_question: str = "", published_text: str = ""
) -> Fact:
    """Answer the sender; with both published texts the answer is shown to readers too."""
    words = needed(text, "text", _("Write the answer."))
    made = Reply(case=case, text=words, at=at, by=by)
    if published_question or published_text:
        _publish(made, by, at, published_question, published_text)
    made.save()
    if case.state in (CaseState.ACCEPTED, CaseState.INVESTIGATING):
        case.state = CaseState.ANSWERED
    return Fact("case.replied", {"published": made.is_published})


def why_not_publish(case: Case, by: User) -> Sentence | None:
    """Why no answer can be published: there is none."""
    return None if case.replies.exists() else _("There is no answer yet.")


def publish(case: Case, by: User, at: datetime, *, reply: int, question: str, text: str) -> Fact:
    """Show an answer to readers, or show it with other words."""
    chosen = _reply_of(case, reply)
    _publish(chosen, by, at, question, text)
    chosen.save()
    return Fact("case.answer_published", {"reply": chosen.uid})


def why_not_hide(case: Case, by: User) -> Sentence | None:
    """Why no answer can be taken back: none is published."""
    return None if case.replies.filter(published_at__isnull=False).exists() else _("No answer is published.")


def hide(case: Case, by: User, at: datetime, *, reply: int, reason: str) -> Fact:
    """Take a published answer back; its words stay with the case."""
    told = needed(reason, "reason", _("Give the reason."))
    chosen = _reply_of(case, reply)
    if not chosen.is_published:
        raise Refused(_("No answer is published."), code="reply")
    chosen.published_at = chosen.published_by = None
    chosen.save()
    return Fact("case.answer_hidden", {"reply": chosen.uid}, reason=told)


def why_not_close(case: Case, by: User) -> Sentence | None:
    """Why the case cannot be closed: the sender was not answered, or the closer put it right."""
    if not case.replies.exists():
        return _("Answer the sender first.")
    if any(done_by(rectification) == by.pk for rectification in rectifications(case)):
        return _("You reported it done, so another person closes the case.")
    return None


def close(case: Case, by: User, at: datetime) -> Fact:
    """End the case."""
    case.closed_at, case.closed_by = at, by
    return Fact("case.closed")


def _running(case: Case) -> Investigation | None:
    return case.investigations.filter(finished_at__isnull=True).first()


def _reply_of(case: Case, pk: int) -> Reply:
    chosen = case.replies.filter(pk=pk).first()
    if chosen is None:
        raise Refused(
            _("Choose one of the answers."), code="reply", problems={"reply": [_("Choose one of the answers.")]}
        )
    return chosen


def _publish(made: Reply, by: User, at: datetime, question: str, text: str) -> None:
    made.published_question = needed(question, "published_question", _("Enter the question as readers will see it."))
    made.published_text = needed(text, "published_text", _("Enter the answer as readers will see it."))
    made.published_at, made.published_by = made.published_at or at, by
