"""The characters of a normalised text as numbers: single ones, pairs, threes and fours, as the index holds them.

Pairs and single characters of the basic plane have numbers of their own; threes, fours, and what lies beyond, share
2^27 numbers that no pair can have. So a word of one or two such characters is found by number alone, a longer one is
looked up in the text afterwards. Every character counts, signs too: a word is found wherever its characters stand.
"""

from collections.abc import Iterator
from itertools import pairwise

VERSION = 2  # of the numbers and of `norm`; a change makes every document outdated
PUBLIC = 1  # marks what is or will be open to the public: inside the index nobody meets what is not for them
MOST = 12  # numbers asked for at first; the text decides in the end
INITIALS = "\ue000"  # before the initials of a title, so that they meet no text
_BASIC = 0x10000
_WHOLE = 1 << 32  # numbers are signed, as a column of four bytes takes them
_SHARED = 0xD8000000 - _WHOLE  # where pairs would begin with half a character, which `norm` drops
_MASK = 0x07FFFFFF
_A, _B, _C, _D = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F


def grams_of(body: str, initials: str = "") -> set[int]:
    """Every number of a document; the formulas of `_pair` and `_shared`, written out: an archive has millions."""
    found: set[int] = set()
    for run in body.split():
        codes = [ord(character) for character in run]
        if max(codes) >= _BASIC:
            found.update(_rare(codes))
            continue
        second, third, fourth = codes[1:], codes[2:], codes[3:]
        threes, fours = zip(codes, second, third, strict=False), zip(codes, second, third, fourth, strict=False)
        found.update(codes)
        found.update([(a << 16 | b) - (a >> 15) * _WHOLE for a, b in zip(codes, second, strict=False)])
        found.update([_SHARED | (a * _A ^ b * _B ^ c * _C) >> 5 & _MASK for a, b, c in threes])
        found.update([_SHARED | (a * _A ^ b * _B ^ c * _C ^ d * _D) >> 5 & _MASK for a, b, c, d in fours])
    if initials:
        letters = [ord(letter) for letter in initials]
        found.update(_shared(ord(INITIALS), a, b) for a, b in pairwise(letters))
    return found


def _rare(codes: list[int]) -> Iterator[int]:
    """Numbers of a run with characters beyond the basic plane."""
    yield from (code if code < _BASIC else _shared(code, 0, 0) for code in codes)
    yield from map(_pair, codes, codes[1:])
    yield from map(_shared, codes, codes[1:], codes[2:])
    yield from map(_shared, codes, codes[1:], codes[2:], codes[3:])


def grams_asked(words: list[str], most: int = MOST) -> list[int]:
    """Numbers that a text with all these words has; at most `most`, spread over the words. Empty for no words."""
    each = [_asked(run) for word in words for run in word.split()]
    share = max(2, most // max(1, len(each)))
    return list(dict.fromkeys(code for codes in each for code in _spread(codes, share)))


def every_gram_asked(words: list[str]) -> list[int]:
    """All numbers that a text with all these words has."""
    return grams_asked(words, sum(map(len, words)) * len(words))


def initials_asked(letters: str) -> list[int]:
    """Numbers that a title with these initials has."""
    codes = [ord(letter) for letter in letters]
    return [_shared(ord(INITIALS), a, b) for a, b in pairwise(codes)]


def is_exact(words: list[str]) -> bool:
    """Whether the numbers alone prove that all the words occur."""
    return all(len(word) <= 2 and all(ord(character) < _BASIC for character in word) for word in words)


def _asked(run: str) -> list[int]:
    codes = [ord(character) for character in run]
    if len(codes) == 1:
        return [codes[0] if codes[0] < _BASIC else _shared(codes[0], 0, 0)]
    if len(codes) == 2:
        return [_pair(*codes)]
    if len(codes) == 3:
        return [_shared(*codes)]
    return [_shared(*four) for four in zip(codes, codes[1:], codes[2:], codes[3:], strict=False)]


def _spread(codes: list[int], most: int) -> list[int]:
    """At most `most` of `codes`, from first to last at even steps."""
    if len(codes) <= most:
        return codes
    step = (len(codes) - 1) / (most - 1)
    return [codes[round(place * step)] for place in range(most)]


def _pair(a: int, b: int) -> int:
    return (a << 16 | b) - (a >> 15) * _WHOLE if a < _BASIC and b < _BASIC else _shared(a, b, 0)


def _shared(a: int, b: int, c: int, d: int = 0) -> int:
    return _SHARED | (a * _A ^ b * _B ^ c * _C ^ d * _D) >> 5 & _MASK
