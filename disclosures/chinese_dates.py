"""Days as Chinese documents and spreadsheets write them: 2012年2月2日, 二〇一二年二月二日, 2012.2.2, 20120202."""

import re
from contextlib import suppress
from datetime import date

DIGITS = {"〇": 0, "○": 0, "零": 0, "Ο": 0} | {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}
YEARS = range(1900, 2200)
_PLAIN = re.compile(r"(\d{4})\s*(?:年|[-./])\s*(\d{1,2})\s*(?:月|[-./])\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_HAN = re.compile(r"([〇○零Ο一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－／　", "0123456789.-/ ")


def date_in(text: str) -> date | None:
    """The day that `text` names and nothing else; None for anything that is not a day of 1900 to 2199."""
    text = text.translate(_FULL_WIDTH).strip()
    if len(text) > 40:
        return None
    if (found := _PLAIN.fullmatch(text)) or (found := _PACKED.fullmatch(text)):
        return _day(*(int(part) for part in found.groups()))
    if found := _HAN.fullmatch(re.sub(r"\s", "", text)):
        year = int("".join(str(DIGITS[sign]) for sign in found[1]))
        return _day(year, _numeral(found[2]), _numeral(found[3]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, day) if year in YEARS else None
    return None


def _numeral(text: str) -> int:
    """十 is 10, 十二 is 12, 二十 is 20, 三十一 is 31; 0, which is no day, for anything else."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return DIGITS.get(text, 0)
    return (DIGITS.get(tens, 0) if tens else 1) * 10 + (DIGITS.get(ones, 0) if ones else 0)
