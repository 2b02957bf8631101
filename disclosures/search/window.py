"""The newest thousand hits: what pages, numbers beside filters and the order by relevance are made of.

What was found is kept as bare numbers, some twenty kilobytes at most, so that a question asked again costs no search
for as long as nothing a public page shows has changed (`disclosures.remembered`).
"""

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from disclosures.facets import Cell
from disclosures.listing import PAGE_SIZE, Choice, Key, midnight, narrowed
from disclosures.listing import Vocabulary as Known
from disclosures.search import index
from disclosures.search.documents import instant_of, sort_key_at
from disclosures.search.finding import KEY, Asked, find
from disclosures.visibility import Reader, ReleaseQuerySet, since_field

WINDOW = 1000
NARROWING = ("category", "unit", "year", "phase")
YEARS = range(1900, 2201)


@dataclass(frozen=True)
class Found:
    """The hits in the order asked for, one more than the window where there are more. Shared: never change one."""

    keys: "array[int]"
    pks: "array[int]"
    cells: tuple[Cell, ...]

    @property
    def count(self) -> int:
        """How many were found; `is_capped` says whether there are more."""
        return min(len(self.pks), WINDOW)

    @property
    def is_capped(self) -> bool:
        """Whether more than a thousand were found."""
        return len(self.pks) > WINDOW

    def place(self, number: int) -> "Place":
        """The hit that stands there."""
        return Place(self.keys[number], self.pks[number])

    def place_after(self, sort_key: int | None) -> int | None:
        """Where the page after a hit begins; None where it is none of these."""
        return self.keys.index(sort_key) + 1 if sort_key is not None and sort_key in self.keys else None


class Place(NamedTuple):
    """Where a hit stands in the order of the search."""

    sort_key: int
    pk: int

    def key(self, uid: UUID) -> Key:
        """The same as it stands in an address."""
        return Key(instant(self.sort_key), uid)


@dataclass(frozen=True)
class HitPage:
    """Primary keys of the releases of one page, and the hits that lead on; `newer` is None on the second page."""

    pks: list[int]
    older: Place | None = None
    newer: Place | None = None
    has_newer: bool = False


def found_among(
    rows: ReleaseQuerySet, asked: Asked, reader: Reader, *, below: int = index.TOP, by_relevance: bool = False
) -> Found:
    """The newest hits among `rows`, all below `below`, their place in each filter counted.

    By relevance those with the words in the title come first, then those whose text alone has them.
    """
    columns = ["pk", "category_id", "unit_id", since_field(reader)]
    if by_relevance:
        rows = rows.annotate(in_title=_is(_in_title(asked)), in_front=_is(_in_front(asked)))
        columns += ["in_title", "in_front"]
    found = find(rows, asked, WINDOW + 1, below=below, columns=tuple(columns))
    years = new_years(timezone.get_current_timezone_name())
    counted = Counter((hit[2], hit[3], YEARS[bisect_right(years, hit[4]) - 1]) for hit in found[:WINDOW])
    if by_relevance:
        found.sort(key=lambda hit: (not hit[5], not (hit[5] and hit[6]), -hit[0]))
    return Found(
        array("q", [hit[0] for hit in found]),
        array("q", [hit[1] for hit in found]),
        tuple(Cell(category, unit, "", year, size) for (category, unit, year), size in counted.items()),
    )


def page_of(
    found: Found, rows: Callable[[], ReleaseQuerySet], asked: Asked, after: Key | None, *, by_relevance: bool = False
) -> HitPage:
    """The page after a key, else the first; by date every hit can be reached, by relevance the window.

    `rows` makes the question of what the filters leave, which a first page does not ask.
    """
    begin: int | None = 0
    if after is not None:
        anchor = rows().filter(uid=after.uid).values_list(KEY, flat=True).first()
        begin = found.place_after(anchor)
        if begin is None and not by_relevance:
            return _beyond(rows(), asked, min(anchor or sort_key_at(after.since, 1023) + 1, index.TOP))
    begin = begin or 0
    end = begin + PAGE_SIZE
    is_more = len(found.pks) > end and not (by_relevance and end >= WINDOW)
    newer = found.place(begin - PAGE_SIZE - 1) if begin > PAGE_SIZE else None
    return HitPage(list(found.pks[begin:end]), found.place(end - 1) if is_more else None, newer, begin > 0)


def instant(sort_key: int) -> datetime:
    """The second a sort key stands for."""
    return datetime.fromtimestamp(instant_of(sort_key), tz=timezone.get_default_timezone())


def chosen(visible: ReleaseQuerySet, choice: Choice, known: Known, reader: Reader) -> ReleaseQuerySet:
    """What the filters of `choice` leave of what is visible, before its words."""
    return narrowed(visible, replace(choice, q=""), known, reader)


def unnarrowed(choice: Choice) -> Choice:
    """The same without category, unit, year and phase: what the numbers beside those filters count."""
    bare: dict[str, Any] = {"category": None, "unit": None, "year": None, "phase": ""}
    return replace(choice, after=None, **bare)


def _beyond(rows: ReleaseQuerySet, asked: Asked, below: int) -> HitPage:
    """A page further down than the window, or after a row that has closed since."""
    found = [Place(*hit) for hit in find(rows, asked, PAGE_SIZE + 1, below=below)]
    shown = found[:PAGE_SIZE]
    return HitPage([place.pk for place in shown], shown[-1] if len(found) > PAGE_SIZE else None)


def _in_title(asked: Asked) -> Q:
    return Q(*(Q(document__title__contains=word) for word in asked.words))


def _in_front(asked: Asked) -> Q:
    return Q(document__title__startswith=asked.words[0])


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


@lru_cache(maxsize=4)
def new_years(_zone: str) -> list[datetime]:
    """When each of `YEARS` begins here, in UTC as the database tells it: comparing across zones is far slower."""
    return [midnight(date(year, 1, 1)).astimezone(UTC) for year in YEARS]
