"""What changed from one revision to the next: fields side by side, the text by paragraph."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from disclosures.admin.attachments import READERS
from disclosures.admin.paper import label_of, values_of
from disclosures.models import Item, Revision

LONGEST = 600  # paragraphs of both texts together; beyond that comparing takes too long to wait for


@dataclass(frozen=True)
class Change:
    """One field: what it said and what it says."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Passage:
    """Paragraphs in a row that stayed (`same`), went (`old`) or came (`new`)."""

    kind: str
    lines: list[str]

    @property
    def count(self) -> int:
        """Number of paragraphs."""
        return len(self.lines)


def field_changes(old: Item | Revision, new: Item | Revision) -> list[Change]:
    """Reviewed fields that differ, the body apart; attachments differ also by content and readers."""
    before, after = values_of(old), values_of(new)
    before["attachments"], after["attachments"] = _files(old), _files(new)
    return [Change(label_of(name), before[name], after[name]) for name in after if before[name] != after[name]]


def text_changes(old: str, new: str) -> list[Passage] | None:
    """The plain texts compared by paragraph; empty when equal, None when they are too long to compare."""
    before, after = old.split("\n"), new.split("\n")
    if before == after:
        return []
    if len(before) + len(after) > LONGEST:
        return None
    return list(_passages(before, after))


def _passages(before: list[str], after: list[str]) -> Iterator[Passage]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            yield Passage("same", before[a1:a2])
        else:
            if a2 > a1:
                yield Passage("old", before[a1:a2])
            if b2 > b1:
                yield Passage("new", after[b1:b2])


def _files(source: Item | Revision) -> str:
    rows = source.attachments.select_related("file")
    return "\n".join(f"{row.title} · {row.file.sha256[:8]} · {_readers(row.is_published)}" for row in rows)


def _readers(is_published: bool) -> str:
    return str(dict(READERS)["yes" if is_published else "no"])
