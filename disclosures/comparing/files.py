"""Attachments of two revisions compared: by address, then by content, never by name alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from disclosures.models import RevisionAttachment

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class FileChange:
    """One attachment: whether it came, went or changed, and sentences that say how."""

    kind: str
    label: str
    sentences: list[str]


def file_changes(old: Iterable[RevisionAttachment], new: Iterable[RevisionAttachment]) -> list[FileChange]:
    """What happened to the attachments, in the order of the newer revision, those that went last."""
    before, after = list(old), list(new)
    origin = origins(before, after)
    rows = [_row(origin.get(row.pk), row) for row in after]
    kept = {row.pk for row in origin.values()}
    gone = [FileChange(REMOVED, row.title, [_readers(row)]) for row in before if row.pk not in kept]
    found = [row for row in rows if row is not None] + gone
    if not found and [origin[row.pk].pk for row in after] != [row.pk for row in before]:
        return [FileChange(CHANGED, _("All attachments"), [_("Their order was changed.")])]
    return found


def origins(before: list[RevisionAttachment], after: list[RevisionAttachment]) -> dict[int, RevisionAttachment]:
    """For each newer attachment the one it was before: at the same address, else of the same content or name."""
    left = {row.pk: row for row in before}
    origin: dict[int, RevisionAttachment] = {}
    for is_same in (_same_address, _same_content, _same_name):
        for row in after:
            match = next((old for old in left.values() if is_same(old, row)), None) if row.pk not in origin else None
            if match is not None:
                origin[row.pk] = left.pop(match.pk)
    return origin


def _same_address(old: RevisionAttachment, new: RevisionAttachment) -> bool:
    return old.uid == new.uid


def _same_content(old: RevisionAttachment, new: RevisionAttachment) -> bool:
    return old.file_id == new.file_id


def _same_name(old: RevisionAttachment, new: RevisionAttachment) -> bool:
    return old.filename == new.filename


def _row(old: RevisionAttachment | None, new: RevisionAttachment) -> FileChange | None:
    if old is None:
        return FileChange(ADDED, new.title, [_readers(new)])
    sentences = list(_differences(old, new))
    return FileChange(CHANGED, new.title, sentences) if sentences else None


def _differences(old: RevisionAttachment, new: RevisionAttachment) -> Iterator[str]:
    if old.file.sha256 != new.file.sha256:
        digests = {"old": old.file.sha256[:8], "new": new.file.sha256[:8]}
        yield _("The content was replaced (digest %(old)s, now %(new)s).") % digests
    if (old.label, old.filename) != (new.label, new.filename):
        yield _("It was called “%(old)s”.") % {"old": _named(old, new)}
    if old.is_published != new.is_published:
        yield _readers(new)


def _named(old: RevisionAttachment, new: RevisionAttachment) -> str:
    """The earlier name that differs: the label, else the file's own name."""
    return old.title if old.title != new.title else old.filename


def _readers(row: RevisionAttachment) -> str:
    return _("Readers can open it.") if row.is_published else _("It is kept for the file only.")
