"""Finds releases: the index names candidates, the text decides, the release says who may see it.

`rows` is always what a reader may see, narrowed by filters: a candidate outside it is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q

from disclosures.models import SearchDocument
from disclosures.search import grams, index
from disclosures.visibility import ReleaseQuerySet

PROBE = 60  # newest rows that PostgreSQL looks through first: a common word is among them
DEARER = 8  # reading a text costs as much as so many rows named by the index
ROUNDS = 3  # of reading by date; a word that was common of late may be rare further down
KEY = "document__sort_key"
SPARE = 4  # of so many candidates one may be closed or not yet open
LARGEST = 8192  # candidates looked up at once
SAMPLE = 512  # newest initials that are read in order, which takes less than a millisecond
FEW = 2  # of them with the pairs of letters asked for: then the index names few titles


@dataclass(frozen=True)
class Asked:
    """What is looked for: words that must all occur, or the initials of a title."""

    words: tuple[str, ...] = ()
    initials: str = ""
    is_public: bool = True

    @property
    def grams(self) -> list[int]:
        """Numbers that every hit has in the index, as many as mostly tell it from others."""
        found = grams.initials_asked(self.initials) if self.initials else grams.grams_asked(list(self.words))
        return [*found, grams.PUBLIC] if self.is_public and found else found

    @property
    def every_gram(self) -> list[int]:
        """All the numbers that every hit has in the index: phrases joined from common ones differ at the seam."""
        found = grams.every_gram_asked(list(self.words))
        return [*found, grams.PUBLIC] if self.is_public else found

    @property
    def condition(self) -> Q:
        """What is true of the text of every hit."""
        if self.initials:
            return Q(document__initials__contains=self.initials)
        return Q(*(Q(document__body__contains=word) for word in self.words))

    @property
    def is_exact(self) -> bool:
        """Whether the index alone decides."""
        return not self.initials and grams.is_exact(list(self.words))


def find(
    rows: ReleaseQuerySet,
    asked: Asked,
    limit: int,
    *,
    below: int = index.TOP,
    columns: tuple[str, ...] = ("pk",),
    is_thorough: bool = True,
) -> list[tuple[Any, ...]]:
    """The newest `limit` hits whose sort key is below `below`: the key, then `columns`.

    Unless `is_thorough` only the first candidates are looked up, which are mostly enough for a hint.
    """
    if not asked.grams:
        return []
    found: list[tuple[Any, ...]] = []
    if connection.vendor == "postgresql":
        found, below = _among_newest(rows, asked, limit, below, columns)
    if len(found) >= limit or not below:
        return found
    candidates = _with_initials if asked.initials else _with_words
    for keys in filter(None, candidates(asked, below, limit, is_thorough)):
        found += _decided(rows, asked, keys, columns, limit - len(found))
        if len(found) >= limit:
            break
    return found


def narrow(rows: ReleaseQuerySet, asked: Asked) -> ReleaseQuerySet:
    """`rows` with the words, as part of a larger query; `find` is faster where the newest are wanted."""
    if not asked.grams:
        return rows.none()
    return rows.filter(**{f"{KEY}__in": index.matching(connection, asked.grams)}).filter(asked.condition)


def _among_newest(
    rows: ReleaseQuerySet, asked: Asked, limit: int, below: int, columns: tuple[str, ...]
) -> tuple[list[tuple[Any, ...]], int]:
    """Hits among the newest rows, and the place from which on nothing was read; 0 when all was read.

    Where the words are common, as many rows are read as should hold the rest; if they do not, the index goes on.
    """
    found: list[tuple[Any, ...]] = []
    size = PROBE
    for round_ in range(ROUNDS):
        read = _read(rows, asked, below, columns, size)
        hits = [(row[0], *row[2:]) for row in read if row[1]]
        found += hits
        if len(read) < size:
            return found[:limit], 0
        below, share = read[-1][0], len(hits) / size
        size = int((limit - len(found)) / share * 1.2) + 1 if share else 0
        if len(found) >= limit or round_ == ROUNDS - 1 or not _pays(size, share):
            break
    return found[:limit], below


def _pays(size: int, share: float) -> bool:
    """Whether reading `size` rows by date costs less than the index, which sorts all rows that it names."""
    return 0 < size * DEARER < index.estimate(connection) * share


def _read(
    rows: ReleaseQuerySet, asked: Asked, below: int, columns: tuple[str, ...], size: int
) -> list[tuple[Any, ...]]:
    is_hit = ExpressionWrapper(asked.condition, output_field=BooleanField())
    dated = rows.filter(**{f"{KEY}__lt": below}).order_by(f"-{KEY}").annotate(is_hit=is_hit)
    return list(dated.values_list(KEY, "is_hit", *columns)[:size])


def _with_words(asked: Asked, below: int, limit: int, is_thorough: bool = True) -> Iterator[list[int]]:
    """Sort keys from the index, newest first, in larger and larger pieces: nearly all of them are hits."""
    is_postgres = connection.vendor == "postgresql"
    piece = limit + limit // SPARE + 1
    size, growth = max(512 if is_postgres else 64, piece), 16 if is_postgres else 4
    wanted = asked.grams
    while keys := index.newest(connection, wanted, below, size):
        begin = 0
        while begin < len(keys):
            yield keys[begin : begin + piece]
            begin, piece = begin + piece, min(piece * 4, LARGEST)
        if len(keys) < size or not is_thorough:
            return
        below, size, wanted = keys[-1], size * growth, asked.every_gram


def _with_initials(asked: Asked, below: int, limit: int, is_thorough: bool = True) -> Iterator[list[int]]:
    """Sort keys of titles with the initials, newest first.

    The index of characters knows pairs of letters alone. Where it names many titles, most may be no hits, and to look
    each up costs more than to read the initials of all in order, for which there is an index of nothing else. The
    newest tell which it is.
    """
    pairs = {first + second for first, second in pairwise(asked.initials)}
    rows = SearchDocument.objects.filter(is_public=True) if asked.is_public else SearchDocument.objects.all()
    rows = rows.order_by("-sort_key")
    sample = list(rows.filter(sort_key__lt=below).values_list("sort_key", "initials")[:SAMPLE])
    yield [key for key, initials in sample if asked.initials in initials]
    if len(sample) < SAMPLE:
        return
    below, rows = sample[-1][0], rows.filter(initials__contains=asked.initials)
    if sum(all(pair in initials for pair in pairs) for _key, initials in sample) <= FEW:
        keys = index.newest(connection, asked.grams, below, LARGEST)
        yield [row[0] for row in rows.filter(sort_key__in=index.listed(connection, keys)).values_list("sort_key")]
        if len(keys) < LARGEST:
            return
        below = keys[-1]
    size = limit + limit // SPARE + 1
    while is_thorough and (found := [row[0] for row in rows.filter(sort_key__lt=below).values_list("sort_key")[:size]]):
        yield found
        below, size = found[-1], min(size * 4, LARGEST)


def _decided(
    rows: ReleaseQuerySet, asked: Asked, keys: list[int], columns: tuple[str, ...], limit: int
) -> list[tuple[Any, ...]]:
    """The hits among candidates."""
    rows = rows.filter(**{f"{KEY}__in": index.listed(connection, keys)})
    if not asked.is_exact:
        rows = rows.filter(asked.condition)
    return list(rows.order_by(f"-{KEY}").values_list(KEY, *columns)[:limit])
