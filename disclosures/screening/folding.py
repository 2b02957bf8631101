"""Text folded for screening, sign by sign: every offset in the folded text is an offset in the original."""

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣﹘⁃ー"), "-")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u1680\u2007\u202f\u205f\u3000\u00ad\u180e\u2060\ufeff\v"), " ")
_BLANKS |= dict.fromkeys([*range(0x2000, 0x2010), *range(0x202A, 0x202F), *range(0x2061, 0x2070)], " ")
_LINES = dict.fromkeys(map(ord, "\r\f\u2028\u2029\u0085"), "\n")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_BRACKETS = dict.fromkeys(map(ord, "〔［【〖〘「『〈《"), "[") | dict.fromkeys(map(ord, "〕］】〗〙」』〉》"), "]")
_FOLDED: dict[int, str] = _WIDE | _BRACKETS | _BLANKS | _DASHES | _LINES
_SIGNS_BETWEEN = re.compile(r"[\s.·()\[\]-]+")


def fold(text: str) -> str:
    """`text` with narrow digits, letters and brackets, plain blanks and dashes; of the same length."""
    rare = {ord(sign): _plain(sign) for sign in set(text) if ord(sign) > 0x7F and ord(sign) not in _FOLDED}
    return text.translate(_FOLDED | {code: sign for code, sign in rare.items() if sign != chr(code)})


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
