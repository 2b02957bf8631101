"""Releases as rows of a list: plain values for templates."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.safestring import SafeString

from disclosures.models import Phase, Release, RevisionAttachment
from disclosures.snippets import highlighted, snippet
from disclosures.views.asking import BoardRequest
from disclosures.visibility import PUBLIC, ReleaseQuerySet, is_visible, since_field

HEAVY = ("revision__body", "revision__body_text")


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    url: str
    title: str | SafeString
    date: datetime | None
    unit: str = ""
    category: str = ""
    phase: str = ""
    files: int = 0
    is_internal: bool = False
    is_pinned: bool = False
    why: str | SafeString = ""
    source: str = ""  # the attachment in which `why` stands


LINE = (  # the few columns of a line with title and date
    "public_since",
    "internal_since",
    "public_from",
    "public_until",
    "internal_from",
    "internal_until",
    "item__number",
    "revision__title",
)
COLUMNS = (*LINE, "uid", "revision__phase", "unit__name", "unit__name_en", "category__name", "category__name_en")


def light(releases: ReleaseQuerySet, *more: str) -> ReleaseQuerySet:
    """What a row shows and nothing else, in one query, with `more` columns; published attachments counted."""
    return with_files(releases.for_reading().only(*COLUMNS, *more))


def with_files(releases: ReleaseQuerySet) -> ReleaseQuerySet:
    """Count the published attachments of each release."""
    files = RevisionAttachment.objects.filter(revision_id=OuterRef("revision_id"), is_published=True)
    counted = files.order_by().values("revision_id").annotate(count=Count("pk")).values("count")
    return releases.annotate(file_count=Coalesce(Subquery(counted), 0))


def row_of(request: BoardRequest, release: Release, **changed: Any) -> Row:
    """The row of one release, dated as this reader could first read it."""
    revision = release.revision
    values = {
        "url": release.get_absolute_url(),
        "title": revision.title,
        "date": dated(request, release),
        "unit": release.unit.label,
        "category": release.category.label,
        "phase": str(Phase(revision.phase).label) if revision.phase else "",
        "files": getattr(release, "file_count", 0),
        "is_internal": is_internal(request, release),
    }
    return Row(**{**values, **changed})


def rows_of(request: BoardRequest, releases: Iterable[Release], **changed: Any) -> list[Row]:
    """Rows in the order of `releases`."""
    return [row_of(request, release, **changed) for release in releases]


def found_row(request: BoardRequest, release: Release, words: list[str], **changed: Any) -> Row:
    """The row of a search result: words marked in the title and in a piece of the text."""
    revision = release.revision
    title, why = highlighted(revision.title, words), snippet(revision.body_text, words)
    return row_of(request, release, **{"title": title, "why": why, **changed})


def dated(request: BoardRequest, release: Release) -> datetime:
    """The instant that orders and dates `release` for this reader."""
    return getattr(release, since_field(request.reader)) or release.internal_since


def is_internal(request: BoardRequest, release: Release) -> bool:
    """Whether only Party members can read `release` now."""
    return not is_visible(release, PUBLIC, request.at)


def by_day(rows: Iterable[Row]) -> list[dict[str, date | list[Row]]]:
    """Rows grouped by local day, in the order they came; the day stands once above its rows."""
    dated_rows = [(timezone.localdate(row.date), replace(row, date=None)) for row in rows if row.date]
    days = groupby(dated_rows, key=lambda pair: pair[0])
    return [{"date": day, "rows": [row for _day, row in on_day]} for day, on_day in days]
