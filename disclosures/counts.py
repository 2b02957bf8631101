"""How much is open to the public, by category, unit, phase, year and month: counted once, then kept up in parts.

A part is what shares a category, a unit and a year. Each of them has a stamp of its own (`content_scopes`); after a
change only those parts are counted anew whose three stamps are all new, and those in which a window opened or ended
meanwhile. So what a change costs does not grow with the archive, and every number stays exact. The phase of a text
needs no stamp: a revision is never changed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils import timezone

from disclosures.content_version import STAMPS
from disclosures.models import Category, Release
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, visible
from disclosures.visibility import PUBLIC, Reader, ReleaseQuerySet, since_field

TURN = 5.0  # seconds to wait for another thread that is counting


class Cell(NamedTuple):
    """How many releases share a category, a unit, a phase and a year."""

    category: int
    unit: int
    phase: str
    year: int
    size: int


class PartKey(NamedTuple):
    """What the releases of a part share; the year is that of UTC, as the stamps have it."""

    category: int
    unit: int
    span: int


class Row(NamedTuple):
    """What the database counts."""

    category: int
    unit: int
    span: int
    phase: str
    year: int
    month: int
    size: int


Parts = Mapping[PartKey, tuple[Row, ...]]


@dataclass(frozen=True)
class Counts:
    """The parts with the stamps read before them and the instant at which they were counted."""

    parts: Parts
    stamps: Mapping[str, int]
    at: datetime

    @cached_property
    def cells(self) -> list[Cell]:
        """Every part by category, unit, phase and year."""
        found: Counter[tuple[int, int, str, int]] = Counter()
        for row in self._rows():
            found[row.category, row.unit, row.phase, row.year] += row.size
        return [Cell(*key, size) for key, size in found.items()]

    @cached_property
    def months(self) -> Counter[tuple[int, int]]:
        """How many opened in each year and month."""
        found: Counter[tuple[int, int]] = Counter()
        for row in self._rows():
            found[row.year, row.month] += row.size
        return found

    def _rows(self) -> Iterable[Row]:
        return (row for part in self.parts.values() for row in part)


_turn = Lock()
_kept: list[Counts] = []  # one at most


def counts(request: BoardRequest) -> Counts:
    """The numbers of all that this reader may read at the instant of the request."""
    if request.reader.reads_internal:
        return Counts(_counted(visible(request), request.reader), {}, request.at)
    return remembered(request, "counts", lambda: _public(request.at))


def _public(at: datetime) -> Counts:
    """The public numbers at `at`: those counted last, with what changed since counted anew."""
    has_turn = _turn.acquire(timeout=TURN)
    try:
        stamps = _stamps()
        before = _kept[0] if _kept else None
        fresh = Counts(_brought_up(before, stamps, at) if before else _whole(at), stamps, at)
        _kept[:] = [fresh]
        return fresh
    finally:
        if has_turn:
            _turn.release()


def count_beforehand() -> None:
    """Count everything for processes that will be made of this one: none of their readers waits for it."""
    _public(timezone.now())


def _stamps() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(STAMPS)
        return dict(cursor.fetchall())


def _brought_up(before: Counts, stamps: Mapping[str, int], at: datetime) -> Parts:
    changed = {scope for scope in {*before.stamps, *stamps} if before.stamps.get(scope) != stamps.get(scope)}
    moved = _moved(*sorted((before.at, at)))
    categories = {*_keys(changed, "category"), *(key.category for key in moved)}
    units = {*_keys(changed, "unit"), *(key.unit for key in moved)}
    spans = {*_keys(changed, "year"), *(key.span for key in moved)}
    if not (categories and units and spans):
        return before.parts
    lying = Q(*(_within(span) for span in sorted(spans)), _connector=Q.OR)
    rows = Release.objects.visible_to(PUBLIC, at).filter(lying, category__in=categories, unit__in=units)
    left = {
        key: part
        for key, part in before.parts.items()
        if not (key.category in categories and key.unit in units and key.span in spans)
    }
    return {**left, **_counted(rows, PUBLIC)}


def _whole(at: datetime) -> Parts:
    """Everything, a category at a time: no statement comes near the limit that readers' statements have."""
    parts: dict[PartKey, tuple[Row, ...]] = {}
    for category in Category.objects.order_by("pk").values_list("pk", flat=True):
        parts.update(_counted(Release.objects.visible_to(PUBLIC, at).filter(category=category), PUBLIC))
    return parts


def _keys(scopes: Iterable[str], kind: str) -> set[int]:
    return {int(scope.removeprefix(f"{kind}:")) for scope in scopes if scope.startswith(f"{kind}:")}


def _within(span: int) -> Q:
    """The releases first opened to the public in a year of UTC."""
    begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (span, span + 1))
    return Q(public_since__gte=begin, public_since__lt=end)


def _moved(early: datetime, late: datetime) -> list[PartKey]:
    """The parts in which a public window opened or ended after `early` and up to `late`."""
    windows = Q(public_from__gt=early, public_from__lte=late) | Q(public_until__gt=early, public_until__lte=late)
    rows = Release.objects.filter(windows, public_since__isnull=False).order_by()
    found = rows.annotate(span=ExtractYear("public_since", tzinfo=UTC)).values_list("category_id", "unit_id", "span")
    return [PartKey(*key) for key in found.distinct()]


def _counted(rows: ReleaseQuerySet, reader: Reader) -> dict[PartKey, tuple[Row, ...]]:
    """Count `rows` in one query."""
    since = since_field(reader)
    dated = rows.order_by().annotate(
        span=ExtractYear(since, tzinfo=UTC), opened_in=ExtractYear(since), month=ExtractMonth(since)
    )
    columns = ("category_id", "unit_id", "span", "revision__phase", "opened_in", "month")
    parts: dict[PartKey, Any] = {}
    for found in dated.values_list(*columns).annotate(count=Count("pk")):
        parts.setdefault(PartKey(*found[:3]), []).append(Row(*found))
    return {key: tuple(part) for key, part in parts.items()}
