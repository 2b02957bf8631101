"""The place in a text where the words of a search stand, escaped first and marked afterwards."""

import re
from bisect import bisect_right
from collections.abc import Callable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from disclosures.textnorm import norm

WIDTH = 110  # characters of text around the first hit
LEAD = 28  # of them before it
MOST = 65_536  # folded characters that are kept
READ = 50_000  # characters of a text in which hits are looked for: twenty rows of the longest texts took six seconds
NEAR = 300  # of them, looked through first: there stands the first hit of most words


def highlighted(text: str, words: list[str]) -> SafeString:
    """The whole of `text` with every word marked."""
    return _marked(text, _spans(text, words))


def snippet(text: str, words: list[str]) -> SafeString:
    """A piece of `text` around the first hit, words marked; the beginning where none stands in it."""
    text = " ".join(text.split())
    spans = _spans(text[:NEAR], words)
    if not spans or spans[0][0] + WIDTH + 2 * max(map(len, words)) > NEAR:
        spans = _spans(text[:READ], words)
    start = max(0, spans[0][0] - LEAD) if spans else 0
    end = start + WIDTH
    inside = [(a - start, min(b, end) - start) for a, b in spans if a >= start and a < end]
    piece = _marked(text[start:end], inside)
    before, after = ("…" if start else ""), ("…" if end < len(text) else "")
    return mark_safe(before + piece + after)


def has_any(text: str, words: list[str]) -> bool:
    """Whether one of the words stands in the part of `text` that is looked through."""
    return bool(_spans(text[:READ], words))


def _spans(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the words stand in `text`, without overlap, from left to right."""
    folded = text.translate(_FOLDED)
    hits: list[tuple[int, int]] = []
    for word in words:
        wanted = word.replace(" ", "")
        at = folded.find(wanted) if wanted else -1
        while at >= 0:
            hits.append((at, at + len(wanted) - 1))
            at = folded.find(wanted, at + len(wanted))
    if not hits:
        return []
    place = _places(text)
    return _merged([(place(first), place(last) + 1) for first, last in hits])


class _Folded(dict[int, str]):
    """Each character as the search folds it, found out when it first occurs; without blanks."""

    def __missing__(self, code: int) -> str:
        folded = norm(chr(code)).replace(" ", "")
        if len(folded) != 1:
            _ODD.add(chr(code))
        if len(self) < MOST:
            self[code] = folded
        return folded


_FOLDED = _Folded()
_ODD: set[str] = set()  # met characters that fold to none or to several


def _places(text: str) -> Callable[[int], int]:
    """A function from a place in the folded text to the place in `text`, just folded, of the character it came from.

    Nearly every character folds to one: only behind the others do the two places differ.
    """
    odd = _ODD.intersection(text)
    if not odd:
        return lambda place: place
    begins, shifts, shift = [0], [0], 0
    for found in re.finditer(f"[{re.escape(''.join(odd))}]", text):
        at, length = found.start(), len(_FOLDED[ord(found[0])])
        for nth in range(length):  # every part of a ligature came from one place
            begins.append(at + shift + nth)
            shifts.append(at - (at + shift + nth))
        shift += length - 1
        begins.append(at + 1 + shift)
        shifts.append(-shift)
    return lambda place: place + shifts[bisect_right(begins, place) - 1]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _marked(text: str, spans: list[tuple[int, int]]) -> SafeString:
    parts, last = [], 0
    for begin, end in spans:
        parts += [escape(text[last:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
        last = end
    return mark_safe("".join([*parts, escape(text[last:])]))
