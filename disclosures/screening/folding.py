"""Text folded for screening, sign by sign: every offset in the folded text is an offset in the original.

Signs that nobody sees become one of their own; `visible` leaves them out and says where the others stood.
"""

import re
import unicodedata
from collections.abc import Sequence

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣﹘⁃ー"), "-")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u1680\u2007\u202f\u205f\u3000\v"), " ")
_BLANKS |= dict.fromkeys([*range(0x2000, 0x200B), *range(0x200E, 0x2010), *range(0x202A, 0x202F)], " ")
_BLANKS |= dict.fromkeys(range(0x2066, 0x2070), " ")
_UNSEEN = "\u200b"
_NOTHING = dict.fromkeys([0x00AD, 0x180E, 0xFEFF, *range(0x200B, 0x200E), *range(0x2060, 0x2066)], _UNSEEN)
_LIKE_X = dict.fromkeys(map(ord, "\u00d7\u2715\u2716\u0445\u03c7"), "x") | dict.fromkeys(map(ord, "\u0425\u03a7"), "X")
_LINES = dict.fromkeys(map(ord, "\r\f\u2028\u2029\u0085"), "\n")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_BRACKETS = dict.fromkeys(map(ord, "〔［【〖〘「『〈《"), "[") | dict.fromkeys(map(ord, "〕］】〗〙」』〉》"), "]")
_FOLDED: dict[int, str] = _WIDE | _BRACKETS | _BLANKS | _NOTHING | _LIKE_X | _DASHES | _LINES
BETWEEN = rf"[\s.·()\[\]/_{_UNSEEN}-]"  # a sign people put between digits, or let slip in
_SIGNS_BETWEEN = re.compile(f"{BETWEEN}+")


def fold(text: str) -> str:
    """`text` with narrow digits, letters and brackets, plain blanks and dashes; of the same length."""
    rare = {ord(sign): _plain(sign) for sign in set(text) if ord(sign) > 0x7F and ord(sign) not in _FOLDED}
    return text.translate(_FOLDED | {code: sign for code, sign in rare.items() if sign != chr(code)})


def visible(folded: str) -> tuple[str, Sequence[int]]:
    """`folded` without the signs nobody sees, and the place in `folded` of each sign left."""
    if _UNSEEN not in folded:
        return folded, range(len(folded))
    places = [place for place, sign in enumerate(folded) if sign != _UNSEEN]
    return folded.replace(_UNSEEN, ""), places


def compact(text: str) -> str:
    """`text` folded, in small letters and without the signs people put between digits."""
    return _SIGNS_BETWEEN.sub("", fold(text)).lower()


def small(folded: str) -> str:
    """`folded` in small letters, of the same length."""
    lower = folded.lower()
    if len(lower) == len(folded):
        return lower
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in folded)


def _plain(sign: str) -> str:
    """The one plain sign that `sign` is a variant of (bold, circled, Arabic digits), else itself."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    simple = unicodedata.normalize("NFKC", sign)
    return simple if len(simple) == 1 else sign
