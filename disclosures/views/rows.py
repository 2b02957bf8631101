"""Releases as rows of a list: plain values for templates."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import BigIntegerField, Count, DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.safestring import SafeString

from disclosures.addresses import item_address
from disclosures.models import Phase, Release, RevisionAttachment
from disclosures.prepared import Prepared
from disclosures.public_notices import last_day
from disclosures.views.asking import BoardRequest, open_to, reads_in_public
from disclosures.visibility import PUBLIC, PublicWindow, Reader, ReleaseQuerySet, is_public, since_field
from organizations.naming import in_language

Day = date  # rows have a field of that name
HEAVY = ("revision__body", "revision__body_text")


class Opened(Protocol):
    """Whatever has the instants of its first openings."""

    @property
    def public_since(self) -> datetime | None:
        """To the public; None not yet."""

    @property
    def internal_since(self) -> datetime:
        """Inside the Party."""


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
    until: Day | None = None  # the last on which the public reads it
    is_internal: bool = False
    is_pinned: bool = False
    why: str | SafeString = ""
    source: str = ""  # the attachment in which `why` stands


class Line(NamedTuple):
    """What a row is made of: plain values, because models of them take longer to make than the values to read."""

    pk: int
    uid: UUID
    number: str
    title: str
    phase: str
    public_since: datetime | None
    internal_since: datetime
    public_from: datetime | None
    public_until: datetime | None
    category_id: int
    category: str
    category_en: str
    unit: str
    unit_en: str
    files: int


COLUMNS = (  # of a line, in its order
    *("pk", "uid", "item__number", "revision__title", "revision__phase"),
    *("public_since", "internal_since", "public_from", "public_until"),
    *("category_id", "category__name", "category__name_en", "unit__name", "unit__name_en", "file_count"),
)
MOST_LINES = 32  # that one page asks for by their keys


def lines(releases: ReleaseQuerySet, *more: str) -> QuerySet[Release, Any]:
    """The values of a line and then those of `more` columns, in one query; published attachments counted."""
    files = RevisionAttachment.objects.filter(revision_id=OuterRef("revision_id"), is_published=True)
    counted = files.order_by().values("revision_id").annotate(count=Count("pk")).values("count")
    return releases.annotate(file_count=Coalesce(Subquery(counted), 0)).values_list(*COLUMNS, *more)


def _lines(reader: Reader, at: datetime, pks: Collection[int]) -> QuerySet[Release, Any]:
    return lines(open_to(reader, at).filter(pk__in=pks).order_by())


_lines_of_public = Prepared(partial(_lines, PUBLIC), at=DateTimeField(), pks=(BigIntegerField(), MOST_LINES))


def lines_named(request: BoardRequest, pks: Collection[int]) -> dict[int, Line]:
    """The lines with these keys, of what this reader may read."""
    if not pks:
        return {}
    is_ready = reads_in_public(request) and len(pks) <= MOST_LINES
    found: Iterable[Any] = (
        _lines_of_public(at=request.at, pks=pks) if is_ready else _lines(request.reader, request.at, pks)
    )
    return {row[0]: Line(*row) for row in found}


def row_of(request: BoardRequest, line: Line, **changed: Any) -> Row:
    """The row of one release, dated as this reader could first read it."""
    values = {
        "url": item_address(line.number),
        "title": line.title,
        "date": dated(request, line),
        "unit": in_language(line.unit, line.unit_en),
        "category": in_language(line.category, line.category_en),
        "phase": str(Phase(line.phase).label) if line.phase else "",
        "files": line.files,
        "until": last_day(line.public_until) if line.public_until else None,
        "is_internal": is_internal(request, line),
    }
    return Row(**{**values, **changed})


def rows_of(request: BoardRequest, found: Iterable[Line], **changed: Any) -> list[Row]:
    """Rows in the order of `found`."""
    return [row_of(request, line, **changed) for line in found]


def dated(request: BoardRequest, release: Opened) -> datetime:
    """The instant that orders and dates `release` for this reader."""
    return getattr(release, since_field(request.reader)) or release.internal_since


def is_internal(request: BoardRequest, release: PublicWindow) -> bool:
    """Whether only Party members can read `release` now."""
    return not is_public(release, request.at)


def by_day(rows: Iterable[Row]) -> list[dict[str, date | list[Row]]]:
    """Rows grouped by local day, in the order they came; the day stands once above its rows."""
    dated_rows = [(timezone.localdate(row.date), replace(row, date=None)) for row in rows if row.date]
    days = groupby(dated_rows, key=lambda pair: pair[0])
    return [{"date": day, "rows": [row for _day, row in on_day]} for day, on_day in days]
