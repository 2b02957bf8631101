"""What may help a reader to find: entries of the catalogue, and shorter queries; `spelling` knows other words.

Words come from the catalogue and the categories, which are public; a title or a query is only named after it was found
among what the reader may see.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import rjieba
from django.db.models import QuerySet
from django.utils import timezone

from disclosures.listing import Vocabulary
from disclosures.models import CatalogueEntryVersion
from disclosures.search.finding import Asked, find
from disclosures.textnorm import norm
from disclosures.visibility import ReleaseQuerySet

SOME = 5
TRIED = 6  # queries that are looked up to see whether they find something


@dataclass(frozen=True)
class Duty:
    """An entry of the catalogue that a query touches."""

    title: str
    code: str
    share: float


def duties() -> list[tuple[str, str, set[str]]]:
    """Code, title and pairs of characters of every entry of the catalogue as it stands today."""
    latest = dict(_in_force().order_by("valid_from").values_list("entry__code", "title"))
    return [(code, title, _pairs([norm(title)])) for code, title in latest.items()]


def duties_for(words: Iterable[str], known: Iterable[tuple[str, str, set[str]]]) -> list[Duty]:
    """Entries whose titles share most pairs of characters with the words, best first; none that share little."""
    wanted = _pairs(words)
    if not wanted:
        return []
    scored = [Duty(title, code, len(wanted & pairs) / len(wanted)) for code, title, pairs in known]
    return sorted((duty for duty in scored if duty.share >= 0.3), key=lambda duty: (-duty.share, duty.code))[:SOME]


def shorter(words: list[str]) -> list[str]:
    """Queries that ask for less: one word of several, or the parts of a long one."""
    if len(words) > 1:
        return [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))] + words
    parts = [part for part in rjieba.cut(words[0]) if len(part) > 1] if words else []
    halves = [words[0][:2], words[0][-2:]] if words and len(words[0]) > 2 else []
    return [part for part in dict.fromkeys([*parts, *halves]) if part != words[0]]


def finding(queries: Iterable[str], rows: ReleaseQuerySet, *, below: int, is_public: bool) -> list[str]:
    """Those of the first queries that find something among `rows`, all below `below`."""
    tried = list(dict.fromkeys(queries))[:TRIED]
    return [q for q in tried if find(rows, Asked(tuple(q.split()), is_public=is_public), 1, below=below)][:SOME]


def public_words(known: Vocabulary) -> list[str]:
    """The texts whose words may be named to anyone."""
    titles = _in_force().values_list("title", flat=True)
    return [*(row.label for row in known.categories), *sorted(set(titles))]


def _in_force() -> "QuerySet[CatalogueEntryVersion]":
    """What the catalogue has demanded up to today."""
    return CatalogueEntryVersion.objects.filter(entry__is_active=True, valid_from__lte=timezone.localdate())


def _pairs(words: Iterable[str]) -> set[str]:
    return {word[place : place + 2] for word in words for place in range(len(word) - 1)}
