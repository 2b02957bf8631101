"""The place in a text where the words of a search stand, escaped first and marked afterwards."""

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from disclosures.textnorm import norm

WIDTH = 110  # characters of text around the first hit
LEAD = 28  # of them before it
READ = 50_000  # characters of a text in which hits are looked for: twenty rows of the longest texts took six seconds


def highlighted(text: str, words: list[str]) -> SafeString:
    """The whole of `text` with every word marked."""
    return _marked(text, _spans(text, words))


def snippet(text: str, words: list[str]) -> SafeString:
    """A piece of `text` around the first hit, words marked; the beginning where none stands in it."""
    text = " ".join(text.split())
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
    folded, places = _folded(text)
    found: list[tuple[int, int]] = []
    for word in words:
        wanted = word.replace(" ", "")
        at = folded.find(wanted) if wanted else -1
        while at >= 0:
            found.append((places[at], places[at + len(wanted) - 1] + 1))
            at = folded.find(wanted, at + len(wanted))
    return _merged(found)


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` folded character by character as the search folds it, and the place each folded character came from."""
    pieces = [(_fold(character), place) for place, character in enumerate(text)]
    places = [place for piece, place in pieces for _character in piece]
    return "".join(piece for piece, _place in pieces), places


@lru_cache(maxsize=16_384)
def _fold(character: str) -> str:
    return norm(character).replace(" ", "")


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
