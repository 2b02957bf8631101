"""The newest entries of a subject as plain values, and the instant of its last change; two queries at any size."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Max, Q
from django.db.models.functions import Substr

from disclosures.feeds.subjects import Subject
from disclosures.models import Release
from disclosures.richtext import clean_line
from disclosures.visibility import PUBLIC

ENTRIES = 30
SUMMARY = 200  # characters
BEGINNING = datetime(2012, 1, 1, tzinfo=UTC)  # the year of the plan: when a feed without entries last changed
HEAVY = ("item__body", "revision__body", "revision__body_text")


@dataclass(frozen=True)
class Entry:
    """One item as a feed tells it: words as plain text, the unit and never a person."""

    id: str
    path: str
    title: str
    summary: str
    unit: str
    category: str
    published: datetime
    updated: datetime


def newest(subject: Subject) -> list[Entry]:
    """The newest entries, without reading whole texts from the database."""
    rows = subject.releases.for_reading().defer(*HEAVY).newest_first(PUBLIC)
    cut = rows.annotate(excerpt=Substr("revision__body_text", 1, SUMMARY * 2))
    return [_entry(row) for row in cut[:ENTRIES]]


def _entry(row: Release) -> Entry:
    assert row.public_since is not None and row.public_from is not None  # what is public has both
    text = clean_line(" ".join(row.excerpt.split()))  # type: ignore[attr-defined]
    return Entry(
        id=row.item.uid.urn,
        path=row.get_absolute_url(),
        title=clean_line(row.revision.title),
        summary=text if len(text) <= SUMMARY else f"{text[:SUMMARY]}…",
        unit=row.unit.label,
        category=row.category.label,
        published=row.public_since,
        updated=row.public_from,
    )


def last_change(subject: Subject, entries: list[Entry], at: datetime) -> datetime:
    """When the feed last changed: something opened, was corrected or left it. It never goes back.

    Only what is as new as the oldest entry matters. The range of instants narrows only when something newer opens,
    and that opening is then itself the last change.
    """
    rows = subject.opened.order_by()
    if len(entries) == ENTRIES:
        rows = rows.filter(public_since__gte=entries[-1].published)
    found = rows.aggregate(opened=Max("public_from"), closed=Max("public_until", filter=Q(public_until__lte=at)))
    return max((instant for instant in found.values() if instant), default=BEGINNING)
