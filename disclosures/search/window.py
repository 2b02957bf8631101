"""The newest thousand hits: what pages, numbers beside filters and the order by relevance are made of."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from disclosures.facets import Cell
from disclosures.listing import PAGE_SIZE, Choice, Key, narrowed
from disclosures.listing import Vocabulary as Known
from disclosures.models import Release
from disclosures.search import index
from disclosures.search.documents import instant_of, sort_key_at
from disclosures.search.finding import KEY, Asked, find
from disclosures.visibility import Reader, ReleaseQuerySet, since_field

WINDOW = 1000
NARROWING = ("category", "unit", "year", "phase")


class Hit(NamedTuple):
    """One release found."""

    sort_key: int
    pk: int
    uid: UUID
    category: int
    unit: int
    since: Any
    internal_since: Any
    title: str = ""

    @property
    def key(self) -> Key:
        """Its place as it stands in an address."""
        return Key(instant(self.sort_key), self.uid)


@dataclass(frozen=True)
class HitPage:
    """Primary keys of the releases of one page, and the keys that lead on; `newer` is None on the second page."""

    pks: list[int]
    older: Key | None = None
    newer: Key | None = None
    has_newer: bool = False


class Window:
    """What a search finds among `rows`, up to a thousand, in the order asked for."""

    def __init__(self, rows: ReleaseQuerySet, asked: Asked, reader: Reader, *, by_relevance: bool = False) -> None:
        self.rows = rows
        self.asked = asked
        self.reader = reader
        self.by_relevance = by_relevance

    @cached_property
    def hits(self) -> list[Hit]:
        """The hits; one more than the window where there are more."""
        columns = ["pk", "uid", "category_id", "unit_id", since_field(self.reader), "internal_since"]
        columns += ["document__title"] if self.by_relevance else []
        found = [Hit(*row) for row in find(self.rows, self.asked, WINDOW + 1, columns=tuple(columns))]
        return sorted(found, key=self._rank) if self.by_relevance else found

    @property
    def count(self) -> int:
        """How many were found; `is_capped` says whether there are more."""
        return min(len(self.hits), WINDOW)

    @property
    def is_capped(self) -> bool:
        """Whether more than a thousand were found."""
        return len(self.hits) > WINDOW

    def cells(self) -> list[Cell]:
        """The hits counted by category, unit and year, as `Facets` takes them."""
        counted = Counter((hit.category, hit.unit, _year(hit)) for hit in self.hits[:WINDOW])
        return [Cell(category, unit, "", year, size) for (category, unit, year), size in counted.items()]

    def page(self, after: Key | None) -> HitPage:
        """The page after a key, else the first; by date every hit can be reached, by relevance the window."""
        place = self._place_after(after)
        if place is None and after is not None and not self.by_relevance:
            return self._beyond(after)
        begin = place or 0
        shown = self.hits[begin : begin + PAGE_SIZE]
        is_more = len(self.hits) > begin + PAGE_SIZE
        if self.by_relevance and begin + PAGE_SIZE >= WINDOW:
            is_more = False
        newer = self.hits[begin - PAGE_SIZE - 1].key if begin > PAGE_SIZE else None
        return HitPage([hit.pk for hit in shown], shown[-1].key if shown and is_more else None, newer, begin > 0)

    def _rank(self, hit: Hit) -> tuple[bool, bool, int]:
        """Title before text, the beginning of a title before its rest, then newest first."""
        words = self.asked.words
        in_title = bool(words) and all(word in hit.title for word in words)
        return (not in_title, not (in_title and hit.title.startswith(words[0])), -hit.sort_key)

    def _place_after(self, after: Key | None) -> int | None:
        """Where in the window the page after a key begins; None where the key is none of it."""
        places = (place for place, hit in enumerate(self.hits) if after is not None and hit.uid == after.uid)
        place = next(places, None)
        return None if place is None else place + 1

    def _beyond(self, after: Key) -> HitPage:
        """A page further down than the window, or after a row that has closed since."""
        anchor = self.rows.filter(uid=after.uid).values_list(KEY, flat=True).first()
        below = anchor or sort_key_at(after.since, 1023) + 1
        found = find(self.rows, self.asked, PAGE_SIZE + 1, below=min(below, index.TOP), columns=("pk", "uid"))
        shown = found[:PAGE_SIZE]
        older = Key(instant(shown[-1][0]), shown[-1][2]) if len(found) > PAGE_SIZE else None
        return HitPage([pk for _key, pk, _uid in shown], older)


def instant(sort_key: int) -> datetime:
    """The second a sort key stands for."""
    return datetime.fromtimestamp(instant_of(sort_key), tz=timezone.get_default_timezone())


def window_of(
    visible: ReleaseQuerySet, asked: Asked, choice: Choice, known: Known, reader: Reader, *, by_relevance: bool = False
) -> Window:
    """What `choice` finds, its words as `asked`."""
    rows = narrowed(visible, replace(choice, q=""), known, reader)
    return Window(rows, asked, reader, by_relevance=by_relevance)


def whole_window(window: Window, visible: ReleaseQuerySet, choice: Choice, known: Known, reader: Reader) -> Window:
    """The same without category, unit, year and phase: what the numbers beside those filters count."""
    if not any(getattr(choice, name) for name in NARROWING):
        return window
    bare: dict[str, Any] = {"category": None, "unit": None, "year": None, "phase": ""}
    return window_of(visible, window.asked, replace(choice, **bare), known, reader)


def in_order(rows: ReleaseQuerySet, pks: list[int]) -> list[Release]:
    """The releases of a page in its order."""
    found = rows.in_bulk(pks)
    return [found[pk] for pk in pks if pk in found]


def _year(hit: Hit) -> int:
    return timezone.localtime(hit.since or hit.internal_since).year
