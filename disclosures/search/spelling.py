"""Other spellings of a query that found nothing: words that sound alike or differ in one character.

Words come from the catalogue and the categories, which are public, and from titles of what the reader may see. In
an archive of any size the titles are found by the index: by the first letters of the word's pinyin, and by its halves,
one of which is right where one character is wrong.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

import rjieba

from disclosures.search.finding import Asked, find
from disclosures.search.pinyin import initials_of, sound_of
from disclosures.textnorm import norm
from disclosures.visibility import ReleaseQuerySet

LONGEST_WORD = 8  # characters of a word that is compared
TITLES = 60  # newest ones that are looked through for each way to be misspelt
WORDS = 3  # of a query for which titles are looked up
_SIGN = re.compile(r"[\W_]")
_HAN = re.compile("[\u3400-\u9fff]+")


def corrections(words: list[str], known: Iterable[str]) -> list[str]:
    """Queries with words replaced by those of `known` that sound the same or differ in one character: all, then one."""
    vocabulary = tuple(known)
    better = [_like(word, vocabulary) for word in words]
    all_at_once = " ".join(others[0] if others else word for word, others in zip(words, better, strict=True))
    one_by_one = [
        " ".join([*words[:place], other, *words[place + 1 :]])
        for place, others in enumerate(better)
        for other in others
    ]
    return list(dict.fromkeys([all_at_once, *one_by_one])) if one_by_one else []


@lru_cache(maxsize=8)
def vocabulary_of(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Words of `texts` of two to eight characters, and short texts whole."""
    words: dict[str, None] = {}
    for text in map(norm, texts):
        cut = [word for word in rjieba.cut(text) if 2 <= len(word) <= LONGEST_WORD]
        joined = ["".join(pair) for pair in pairwise(cut) if "".join(pair) in text]
        words.update(dict.fromkeys([*([text] if len(text) <= LONGEST_WORD else []), *cut, *joined]))
    return tuple(word for word in words if word.isalnum())


def in_titles(words: list[str], rows: ReleaseQuerySet, *, below: int, is_public: bool) -> list[str]:
    """Pieces of the newest titles among `rows`, all below `below`, that a word may have been meant to be."""

    def titles(**asked: Any) -> list[tuple[Any, ...]]:
        columns = ("document__title", "document__initials")
        meant = Asked(**asked, is_public=is_public)
        return find(rows, meant, TITLES, below=below, columns=columns, is_thorough=False)

    found: dict[str, None] = {}
    for word in [word for word in words if _is_compared(word) and _HAN.fullmatch(word)][:WORDS]:
        letters = initials_of(word)
        for _key, title, initials in titles(initials=letters) if len(letters) == len(word) else ():
            found.update(dict.fromkeys(_with_letters(title, initials, letters)))
        for half, left in _halves(word):
            for _key, title, _initials in titles(words=(half,)):
                found.update(dict.fromkeys(_around(title, half, left, len(word))))
    return [piece for piece in found if _HAN.fullmatch(piece)]


def _with_letters(title: str, initials: str, letters: str) -> Iterator[str]:
    """Pieces of a title that begin with these letters, where each of its characters has one."""
    spoken = _SIGN.sub("", title)
    if len(spoken) == len(initials):
        for found in re.finditer(f"(?={letters})", initials):
            yield spoken[found.start() : found.start() + len(letters)]


def _halves(word: str) -> list[tuple[str, int]]:
    """Both ends of a word, each with the number of characters that stand before it."""
    size = max(2, len(word) // 2)
    return [(word[:size], 0), (word[-size:], len(word) - size)] if len(word) > size else []


def _around(title: str, half: str, left: int, length: int) -> Iterator[str]:
    """Pieces of a title of that length which hold `half` after `left` characters and are whole words."""
    edges = {0, *accumulate(map(len, rjieba.cut(title)))}
    for found in re.finditer(re.escape(half), title):
        start = found.start() - left
        if {start, start + length} <= edges:
            yield title[start : start + length]


def _like(word: str, vocabulary: Iterable[str]) -> list[str]:
    """Words of the same length that sound like `word` or differ from it in one character."""
    if not _is_compared(word):
        return []
    others = [other for other in vocabulary if len(other) == len(word) and other != word]
    sound = sound_of(word)
    alike = [other for other in others if sound_of(other) == sound]
    return list(dict.fromkeys([*alike, *(other for other in others if _differ_in_one(other, word))]))


def _is_compared(word: str) -> bool:
    return 2 <= len(word) <= LONGEST_WORD


def _differ_in_one(one: str, other: str) -> bool:
    """Whether two words of one length, at least three, differ in one character alone."""
    return len(one) > 2 and sum(a != b for a, b in zip(one, other, strict=True)) == 1
