"""How text is folded for search: the haystack and the query pass through the same ``norm``."""

import re
import unicodedata
from collections.abc import Sequence

from disclosures.search.characters import simplified

MAX_QUERY_CHARS = 200
MAX_QUERY_WORDS = 8

_BRACKETS = str.maketrans(dict.fromkeys("〔[【〖〘", "(") | dict.fromkeys("〕]】〗〙", ")"))
_BASIC = 0x10000
_DROPPED_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Cn"))
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_DOCUMENT_NUMBER = re.compile(r" ?\( ?(\d{4}) ?\) ?(?:(\d+) ?号)?")
_WHITE = re.compile(r"\s+")
_MARKS = "\"'“”‘’„‟‚‛「」『』﹁﹂﹃﹄〝〞〟《》〈〉«»‹›"
_SIGNS = re.compile(rf"[、;。!?{_MARKS}]+|(?<!\d),|,(?!\d)")  # folded: 1,000 is a number
_OPENING, _CLOSING = "[(<{《〈「『]", "[)>}》〉」』]"
_BRACKETED_YEAR = re.compile(rf"{_OPENING}(\d{{4}}){_CLOSING}")
_YEAR_AND_SERIAL = re.compile(rf"{_OPENING}?(?<!\d)(\d{{4}}){_CLOSING}?年? ?第? ?(\d+) ?号")
_SERIAL = re.compile(r"第(?=\d+号)")
_WORD_BREAK = re.compile("[ \t\r\n\f\v\u3000\u2028\u2029]+")  # no-break spaces hold a name together


def norm(text: str) -> str:
    """``text`` folded for search: width, case, traditional characters, invisible ones, brackets, white space.

    ``〔2012〕 3 号``, ``[2012]3号`` and ``（2012）3号`` become ``(2012)3号``; spaces between Han characters vanish
    (``杨  辉`` becomes ``杨辉``), other white space becomes one space.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_FOLDED)
    text = _WHITE.sub(" ", _BETWEEN_HAN.sub("", text)).strip()
    return _DOCUMENT_NUMBER.sub(_fold_number, text)


def query_words(q: str) -> list[str]:
    """The words of a query, each through ``norm``: at most 8 of its first 200 characters, no repeats; may be empty.

    Quotation and title marks around a word are left out: whatever holds ``《报告》`` holds ``报告`` too.
    """
    words = (_unquoted(norm(word)) for word in _WORD_BREAK.split(q[:MAX_QUERY_CHARS]))
    return list(dict.fromkeys(filter(None, words)))[:MAX_QUERY_WORDS]


def without_signs(words: Sequence[str]) -> list[str]:
    """The same words without the signs that stand between and around them: ``干部、任免`` becomes two."""
    return query_words(_SIGNS.sub(" ", " ".join(words)))


def with_document_number(words: Sequence[str]) -> list[str]:
    """The same words with a year and a serial number as document numbers stand in folded text: ``(2026)88号``.

    The year may stand between brackets of any kind or between none: ``{2026}88号``, ``2026年第88号``, ``2026 88号``.
    """
    text = _BRACKETED_YEAR.sub(r"(\1)", _YEAR_AND_SERIAL.sub(r"(\1)\2号", " ".join(words)))
    return query_words(_SERIAL.sub("", text))


def _unquoted(word: str) -> str:
    return word if _BRACKETED_YEAR.fullmatch(word) else word.strip(_MARKS + " ") or word


class _Folded(dict[int, str]):
    """What becomes of each character, found out when it first occurs: for most texts a hundred of eight thousand."""

    def __missing__(self, code: int) -> str:
        folded = "".join(filter(_is_kept, simplified().get(code, chr(code)))).translate(_BRACKETS)
        if code < _BASIC:
            self[code] = folded
        return folded


_FOLDED = _Folded()


def _is_kept(character: str) -> bool:
    is_variation = "\ufe00" <= character <= "\ufe0f"
    return character.isspace() or not (is_variation or unicodedata.category(character) in _DROPPED_CATEGORIES)


def _fold_number(number: re.Match[str]) -> str:
    year, serial = number.groups()
    return f"({year})" + (f"{serial}号" if serial else "")
