"""Publishing answers: proposed and screened, approved by another person, taken back with a reason (S46, S25)."""

import hashlib
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from disclosures.models import ScreeningWord
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_text
from disclosures.screening import Finding, FindingKind, Profile, masked, screen_text
from feedback.access import verifiers_of
from feedback.models import Case, Publication, PublicationReview, Reply, Retraction
from feedback.services.trail import Fact
from feedback.services.words import needed
from feedback.wishes import may_be_published
from organizations.models import User

SHORTEST_REASON = 4  # signs
Row = TypeVar("Row", Reply, Publication)
PLACES = ("published_question", "published_text")


def why_not_publish(case: Case, by: User) -> Sentence | None:
    """Why no answer can be proposed: there is none, the sender does not wish it, or all are published."""
    if not case.replies.exists():
        return _("There is no answer yet.")
    if not may_be_published(case):
        return _("The sender does not wish the answer to be published.")
    if not unpublished(case):
        return _("Every answer is published; take one back first to publish it in other words.")
    return None


def publish(
    case: Case,
    by: User,
    at: datetime,
    *,
    reply: int,
    question: str,
    text: str,
    mask: bool = False,
    kept_because: str = "",
) -> Fact:
    """Propose an answer for publication; readers see it once another person has approved it."""
    chosen = _chosen(unpublished(case), reply, "reply", _("Choose one of the answers."))
    return propose(case, chosen, by, at, question=question, text=text, mask=mask, kept_because=kept_because)


def propose(
    case: Case, reply: Reply, by: User, at: datetime, *, question: str, text: str, mask: bool, kept_because: str
) -> Fact:
    """Freeze question and answer as readers are to see them; a newer proposal stands in place of one that waits.

    Raises `Refused`: `secrecy_mark`; `screening` with the kinds found, while nobody masks them or says why they stay.
    """
    words = {
        "published_question": needed(question, "published_question", _("Enter the question as readers will see it.")),
        "published_text": needed(text, "published_text", _("Enter the answer as readers will see it.")),
    }
    found = {place: _screened(words[place], place) for place in PLACES}
    _refuse_marks(found)
    if mask:
        words = {place: masked(words[place], found[place]) for place in PLACES}
        found = {place: _screened(words[place], place) for place in PLACES}
    kept = [finding for place in PLACES for finding in found[place]]
    reason = clean_text(kept_because) if kept else ""
    if kept and (len(reason) < SHORTEST_REASON or _screened(reason, "kept_because")):
        _refuse_unexplained(kept)
    made = Publication.objects.create(
        reply=reply,
        question=words["published_question"],
        text=words["published_text"],
        digest=digest_of(reply, words["published_question"], words["published_text"]),
        findings=[{"key": one.key, "kind": one.kind, "mask": one.mask, "place": one.place} for one in kept],
        kept_because=reason,
        proposed_at=at,
        proposed_by=by,
    )
    others = tuple(user for user in verifiers_of(case.unit, at, case=case) if user.pk != by.pk)
    return Fact("case.answer_proposed", {"reply": reply.uid, "digest": made.digest}, recipients=others)


def why_not_review(case: Case, by: User) -> Sentence | None:
    """Why no answer can be approved: none waits, or only what the same person proposed (four eyes)."""
    waiting = waiting_publications(case)
    if not waiting:
        return _("No answer waits to be looked at.")
    if all(row.proposed_by_id == by.pk for row in waiting):
        return _("You proposed it, so another person looks at it.")
    return None


def review(case: Case, by: User, at: datetime, *, publication: int, is_ok: bool, remark: str = "") -> Fact:
    """Approve a proposed answer, and readers see it from now; or return it with what has to be changed."""
    chosen = _chosen(waiting_publications(case), publication, "publication", _("Choose one of the answers."))
    if chosen.proposed_by_id == by.pk:
        raise Refused(_("You proposed it, so another person looks at it."), code="four_eyes")
    told = clean_text(remark) if is_ok else needed(remark, "remark", _("Say what has to be changed."))
    if is_ok:
        _refuse_changed(case, chosen)
    PublicationReview.objects.create(publication=chosen, is_ok=is_ok, remark=told, reviewed_at=at, reviewed_by=by)
    fact = {"reply": chosen.reply.uid, "digest": chosen.digest}
    if not is_ok:
        return Fact("case.answer_returned", fact, reason=told, recipients=(chosen.proposed_by,))
    reply = chosen.reply
    reply.published_question, reply.published_text = chosen.question, chosen.text
    reply.published_at, reply.published_by = at, by
    reply.save()
    return Fact("case.answer_published", fact, recipients=(chosen.proposed_by,))


def why_not_hide(case: Case, by: User) -> Sentence | None:
    """Why no answer can be taken back: none is published."""
    return None if case.replies.filter(published_at__isnull=False).exists() else _("No answer is published.")


def hide(case: Case, by: User, at: datetime, *, reply: int, reason: str) -> Fact:
    """Take a published answer back; its words stay with the case."""
    told = needed(reason, "reason", _("Give the reason."))
    published = list(case.replies.filter(published_at__isnull=False))
    chosen = _chosen(published, reply, "reply", _("Choose one of the published answers."))
    opened = next(row for row in publications_of(case) if row.reply_id == chosen.pk and row.is_open)
    Retraction.objects.create(publication=opened, reason=told, at=at, by=by)
    chosen.published_at = chosen.published_by = None
    chosen.save()
    return Fact("case.answer_hidden", {"reply": chosen.uid}, reason=told)


def publications_of(case: Case) -> list[Publication]:
    """Every proposal with its review and retraction, newest first."""
    rows = Publication.objects.filter(reply__case=case).order_by("-proposed_at", "-id")
    return list(rows.select_related("reply", "proposed_by", "review__reviewed_by", "retraction__by"))


def waiting_publications(case: Case) -> list[Publication]:
    """The newest proposal for each answer, where nobody has looked at it."""
    newest: dict[int, Publication] = {}
    for row in publications_of(case):
        newest.setdefault(row.reply_id, row)
    return [row for row in newest.values() if row.verdict is None and not row.reply.is_published]


def unpublished(case: Case) -> list[Reply]:
    """Answers that readers do not see."""
    return list(case.replies.filter(published_at__isnull=True))


def digest_of(reply: Reply, question: str, text: str) -> str:
    """What an approval binds to."""
    return hashlib.sha256("\0".join((str(reply.uid), question, text)).encode()).hexdigest()


def _screened(text: str, place: str) -> list[Finding]:
    words = list(ScreeningWord.objects.filter(is_active=True).values_list("word", flat=True))
    return screen_text(text, place, profile=Profile.PUBLIC, words=words)


def _refuse_marks(found: dict[str, list[Finding]]) -> None:
    marked = [place for place, rows in found.items() if any(one.refuses_save for one in rows)]
    if marked:
        told = _("Here stands a secrecy mark. This portal holds no such material; nothing was saved.")
        raise Refused(told, code="secrecy_mark", problems={place: [told] for place in marked})


def _refuse_unexplained(kept: list[Finding]) -> None:
    problems: dict[str, list[Sentence]] = {}
    for one in {finding.key: finding for finding in kept}.values():
        told = _("%(kind)s found (%(mask)s): mask it, or say why it stays.")
        line = told % {"kind": FindingKind(one.kind).label, "mask": one.mask}
        problems.setdefault(one.place, []).append(line)
    problems["kept_because"] = [_("Have it masked, or say in at least four signs why it stays.")]
    raise Refused(_("Screening found what readers should not see."), code="screening", problems=problems)


def _refuse_changed(case: Case, chosen: Publication) -> None:
    """What was proposed must still be what screening lets pass, and what the sender wishes."""
    if not may_be_published(case):
        raise Refused(_("The sender does not wish the answer to be published."), code="wish")
    known = {row["key"] for row in chosen.findings}
    texts = {"published_question": chosen.question, "published_text": chosen.text}
    fresh = [one for place, text in texts.items() for one in _screened(text, place) if one.key not in known]
    if fresh:
        kinds = "、".join(dict.fromkeys(str(FindingKind(one.kind).label) for one in fresh))
        told = _("Screening found what was not there to decide on: %(kinds)s. Return the answer.")
        raise Refused(told % {"kinds": kinds}, code="screening")


def _chosen(rows: list[Row], pk: int, field: str, sentence: str) -> Row:
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise Refused(sentence, code=field, problems={field: [sentence]})
    return found
