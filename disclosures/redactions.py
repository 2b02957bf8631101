"""What was masked after publication: asked by pages, by verification and wherever a file is sent."""

import time
from dataclasses import dataclass, field

from django.db.models import QuerySet

from audit.models import Event
from disclosures.masking import Leak, holds
from disclosures.models import (
    Decision,
    FileText,
    Item,
    RedactedFile,
    RedactedRevision,
    Redaction,
    Revision,
    StoredFile,
    Verdict,
)
from disclosures.reading import ensure_read
from disclosures.screening import Finding, FindingKind, Profile, Screening, screen

WAIT_SECONDS = 2  # a file begun just before takes three more at most
CHANGE_NOTE = "已对个人信息作隐去处理"


@dataclass
class Found:
    """One string that screening found, and the words for every place where it stands."""

    leak: Leak
    label: str
    places: list[Finding] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What a tick on the page says; the same for every spelling."""
        return self.places[0].key


@dataclass
class FoundFile:
    """A file of the item by its content, with what screening found inside it."""

    file: StoredFile
    filename: str
    found: list[Finding] = field(default_factory=list)
    is_screened: bool = True
    is_destroyed: bool = False


@dataclass
class Inspection:
    """What the page offers: strings found in texts, names and files, and the files themselves."""

    strings: list[Found]
    files: list[FoundFile]


def inspect(item: Item) -> Inspection:
    """Everything `screening` finds with the profile of the public opening in the revisions ever opened, and now."""
    strings: dict[tuple[str, str], Found] = {}
    files = {row.file.sha256: row for row in _files_of(item)}
    _read_missing(list(files.values()))
    by_uid = {str(row.uid): row.file.sha256 for revision in _sources(item) for row in revision.attachments.all()}
    for source in _sources(item):
        _collect(screen(source, profile=Profile.PUBLIC), strings, files, by_uid)
    return Inspection(list(strings.values()), list(files.values()))


def awaiting_confirmation() -> QuerySet[Redaction]:
    """Redactions that nobody else has confirmed yet."""
    return Redaction.objects.filter(confirmed_at__isnull=True)


def masked_digest(revision: Revision) -> str | None:
    """The digest of the text as it was masked last; None for a revision nobody overwrote."""
    newest = RedactedRevision.objects.filter(revision=revision).order_by("-id").first()
    return newest.digest if newest else None


def reviewed_text_of(revision: Revision) -> Revision:
    """The revision whose review stands behind this one: itself, or the one that was masked into it.

    Only a revision with the note of a redaction costs a query.
    """
    if revision.change_note != CHANGE_NOTE or not Redaction.objects.filter(corrected_revision=revision).exists():
        return revision
    earlier = Revision.objects.filter(item=revision.item_id, number__lt=revision.number, release__isnull=False)
    return earlier.filter(redaction__isnull=True).order_by("-number").first() or revision


def is_destroyed(item_id: int, sha256: str) -> bool:
    """Whether this file of the item was destroyed, whoever else may still keep the same content."""
    return RedactedFile.objects.filter(redaction__item=item_id, sha256=sha256).exists()


def was_destroyed(file: StoredFile) -> bool:
    """Whether this content was destroyed in any item, so that nobody brings it back by attaching it again."""
    return RedactedFile.objects.filter(sha256=file.sha256).exists()


def files_that_hold(item: Item, leaks: list[Leak]) -> dict[str, str]:
    """Digest and name of each file of the item whose text holds one of `leaks`."""
    names = {row.file.sha256: row.filename for row in _files_of(item) if not row.is_destroyed}
    texts = FileText.objects.filter(file__sha256__in=names).select_related("file")
    return {
        text.file.sha256: names[text.file.sha256]
        for text in texts
        if any(holds(part.get("text", ""), leaks) for part in text.parts)
    }


def frozen_copies(item: Item, leaks: list[Leak]) -> int:
    """How many remarks of decisions and reasons in the trail repeat one of `leaks`; they are frozen and stay."""
    told = [
        *Decision.objects.filter(revision__item=item).values_list("remark", flat=True),
        *Verdict.objects.filter(decision__revision__item=item).values_list("remark", flat=True),
        *Event.objects.filter(subject_kind="item", subject_ref=str(item.uid)).values_list("reason", flat=True),
    ]
    return sum(holds(text, leaks) for text in told)


def _sources(item: Item) -> list[Item | Revision]:
    """The working copy, and every revision that was opened, newest first."""
    opened = item.revisions.filter(release__isnull=False).order_by("-number")
    return [*opened.prefetch_related("attachments__file"), item]


def _files_of(item: Item) -> list[FoundFile]:
    """Each content once, of every revision and the working copy."""
    gone = set(RedactedFile.objects.filter(redaction__item=item).values_list("sha256", flat=True))
    rows = [
        row for revision in item.revisions.order_by("-number") for row in revision.attachments.select_related("file")
    ]
    rows += item.attachments.select_related("file")  # type: ignore[arg-type]
    found: dict[str, FoundFile] = {}
    for row in rows:
        sha256 = row.file.sha256
        found.setdefault(sha256, FoundFile(row.file, row.filename, is_destroyed=sha256 in gone))
    return list(found.values())


def _read_missing(files: list[FoundFile]) -> None:
    """Read files that nobody screened yet, as long as the answer may wait for it; the others count as not screened."""
    unread = StoredFile.objects.filter(pk__in=[row.file.pk for row in files if not row.is_destroyed], text__isnull=True)
    until = time.monotonic() + WAIT_SECONDS
    for file in unread:
        if time.monotonic() >= until:
            return
        ensure_read(file)


def _collect(
    result: Screening, strings: dict[tuple[str, str], Found], files: dict[str, FoundFile], by_uid: dict[str, str]
) -> None:
    for finding in result.findings:
        leak = Leak(finding.text, finding.mask, str(finding.kind))
        label = str(FindingKind(finding.kind).label)
        found = strings.setdefault((leak.kind, leak.core), Found(leak, label))
        if all((each.place, each.where) != (finding.place, finding.where) for each in found.places):
            found.places.append(finding)
        place, _colon, uid = finding.place.partition(":")
        holder = files.get(by_uid.get(uid, "")) if place == "attachment" else None
        if holder is not None and all(each.text != finding.text for each in holder.found):
            holder.found.append(finding)
    for unread in (*result.unread, *result.pending):
        holder = files.get(by_uid.get(unread.place.partition(":")[2], ""))
        if holder is not None:
            holder.is_screened = False
