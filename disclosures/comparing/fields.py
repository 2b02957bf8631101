"""Reviewed fields that differ, in the groups a reviewer asks about: facts, readers and forms, times."""

from dataclasses import dataclass, field

from disclosures.admin.paper import Source, label_of, values_of
from disclosures.comparing.words import Piece, word_changes

READERS = ("audience", "branches", "forms")
TIMES = (
    "planned_internal_from",
    "planned_internal_until",
    "planned_public_from",
    "planned_public_until",
    "issued_on",
    "occurred_on",
    "period_from",
    "period_until",
)
WRITTEN = frozenset({"title", "document_number", "basis", "focus_reason", "change_note"})  # compared by word
ELSEWHERE = frozenset({"attachments"})  # have a table of their own


@dataclass(frozen=True)
class Change:
    """One field: what it said and what it says; `pieces` tell the words apart where it is a written text."""

    label: str
    old: str
    new: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class FieldChanges:
    """The fields that differ, by the question they answer."""

    facts: list[Change]
    readers: list[Change]
    times: list[Change]

    def __bool__(self) -> bool:
        return bool(self.facts or self.readers or self.times)


def field_changes(old: Source, new: Source) -> FieldChanges:
    """Every reviewed field that differs, body and attachments apart."""
    before, after = values_of(old), values_of(new)
    different = [name for name in after if before[name] != after[name] and name not in ELSEWHERE]
    rows = {name: _change(name, before[name], after[name]) for name in different}
    return FieldChanges(
        facts=[row for name, row in rows.items() if name not in READERS and name not in TIMES],
        readers=[rows[name] for name in READERS if name in rows],
        times=[rows[name] for name in TIMES if name in rows],
    )


def _change(name: str, old: str, new: str) -> Change:
    pieces = word_changes(old, new) if name in WRITTEN and old and new else None
    return Change(label_of(name), old, new, pieces or [])
