"""An item or a revision screened: its fields, and the texts of its files as far as they were read."""

from collections.abc import Iterator, Sequence
from typing import Any

from disclosures.models import FileText, Item, Revision, ScreeningWord
from disclosures.places import place_words, reason_words
from disclosures.richtext import plain_text
from disclosures.screening.detecting import screen_text
from disclosures.screening.findings import Finding, Profile, Screening, Unread

TEXT_FIELDS = ("title", "document_number", "basis", "focus_reason", "change_note")


def screen(source: Item | Revision, *, profile: Profile) -> Screening:
    """Everything found in `source`, its files' names and texts, by the words on the list today."""
    words = list(ScreeningWord.objects.filter(is_active=True).values_list("word", flat=True))
    result = Screening()
    for place, text in _fields(source):
        result.findings.extend(screen_text(text, place, profile=profile, words=words))
    for attachment in source.attachments.select_related("file__text") if source.pk else ():
        _screen_attachment(attachment, profile, words, result)
    return result


def not_screened(source: Item | Revision) -> list[Unread]:
    """Files, or parts of them, that a reviewer reads with their own eyes; asks only what was read, screens nothing."""
    result: list[Unread] = []
    for attachment in source.attachments.select_related("file__text"):
        result.extend(_unread(attachment))
    return result


def body_of(source: Item | Revision) -> str:
    """The screened text of the place `body`: offsets of its findings count in it."""
    return plain_text(source.body)


def screen_parts(
    parts: Sequence[dict[str, Any]], place: str, *, profile: Profile, words: Sequence[str] = ()
) -> list[Finding]:
    """Findings in the parts of a read file; the same number twice at one place is one finding."""
    found: dict[tuple[str, str], Finding] = {}
    for part in parts:
        for finding in screen_text(part["text"], place, profile=profile, words=words):
            where = place_words(part, finding.start)
            found.setdefault((finding.key, where), _with_where(finding, where))
    return list(found.values())


def _fields(source: Item | Revision) -> Iterator[tuple[str, str]]:
    for name in TEXT_FIELDS:
        yield name, getattr(source, name)
    yield "body", body_of(source)


def _screen_attachment(attachment: Any, profile: Profile, words: Sequence[str], result: Screening) -> None:
    for name, text in (("filename", attachment.filename), ("label", attachment.label)):
        result.findings.extend(screen_text(text, f"{name}:{attachment.uid}", profile=profile, words=words))
    place = f"attachment:{attachment.uid}"
    read = getattr(attachment.file, "text", None)
    if read is None or read.is_waiting:
        result.pending.extend(_unread(attachment))
        return
    result.findings.extend(screen_parts(read.parts, place, profile=profile, words=words))
    result.unread.extend(_unread(attachment))


def _unread(attachment: Any) -> list[Unread]:
    place, read = f"attachment:{attachment.uid}", getattr(attachment.file, "text", None)
    if read is None or read.is_waiting:
        return [Unread(place, attachment.filename, reason_words({"kind": "pending"}))]
    reasons = [{"kind": read.reason}] if read.state == FileText.State.UNREADABLE else read.gaps
    return [Unread(place, attachment.filename, reason_words(reason)) for reason in reasons]


def _with_where(finding: Finding, where: str) -> Finding:
    return Finding(**{**finding.__dict__, "where": where})
