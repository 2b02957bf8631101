"""The next period of a recurring duty, and a title one period on (2026年第三季度 → 2026年第四季度)."""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from disclosures.chinese_dates import DIGITS

MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
QUARTERS, HALVES = "一二三四", "上下"
_YEAR = r"(?P<year>(?:19|20)\d\d|[二一][〇○零九][〇○零一二三四五六七八九]{2})"
_QUARTER = re.compile(rf"(?:{_YEAR}\s?年度?\s?(?:度)?)?(?P<first>第?)(?P<part>[一二三四1-4])(?P<last>\s?季度)")
_HALF = re.compile(rf"(?:{_YEAR}\s?年度?\s?)?(?P<part>[上下])(?P<last>半年)")
_MONTH = re.compile(rf"(?:{_YEAR}\s?年\s?)?(?<!\d)(?P<part>1[0-2]|0?[1-9])(?P<last>\s?月份?)(?!\s?\d{{1,2}}\s?日)")
_WHOLE_YEAR = re.compile(rf"{_YEAR}(?=\s?年)")
_RANGE = re.compile("[-—–~～至到、和及]")
_ANY_YEAR = re.compile(r"(?:19|20)\d\d\s?年")


def next_period(rule: dict[str, Any], first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The period after `first`–`last` by the entry's time limit; (None, None) where either of them does not say.

    Whole months stay whole: the period after 2026-01-01–2026-01-31 ends on 28 February.
    """
    months = MONTHS.get(str(rule.get("rule", "")))
    if months is None or first is None or last is None or last.year > 2190:
        return None, None
    start = last + timedelta(days=1)
    if first.day == 1 and start.day == 1:
        return start, _plus_months(start, months) - timedelta(days=1)
    return _plus_months(first, months), _plus_months(last, months)


def _plus_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_title(title: str, rule: dict[str, Any]) -> str:
    """`title` one period on where it names one period and nothing else; unchanged where that would be a guess."""
    move = _MOVES.get(str(rule.get("rule", "")))
    return move(title) if move else title


def _moved(title: str, pattern: re.Pattern[str], order: Callable[[str], tuple[int, int]], write: Any) -> str:
    """Move the one period of a title; two periods, or a second year beside the one that moves, are left alone."""
    found = list(pattern.finditer(title))
    if len(found) != 1:
        return title
    match = found[0]
    if _RANGE.search(title[max(0, match.start() - 1) : match.start()] + title[match.end() : match.end() + 1]):
        return title
    others = title[: match.start()] + title[match.end() :]
    if _ANY_YEAR.search(others):
        return title
    place, count = order(match["part"])
    whole = match[0]
    at = match.start("part") - match.start()
    changed = whole[:at] + write(match["part"], (place + 1) % count) + whole[at + len(match["part"]) :]
    if match["year"] and place + 1 == count:
        changed = _year_after(match["year"]) + changed[len(match["year"]) :]
    return title[: match.start()] + changed + title[match.end() :]


def _year_after(year: str) -> str:
    if year.isdigit() and year.isascii():
        return str(int(year) + 1)
    number = int("".join(str(DIGITS[sign]) for sign in year)) + 1
    zero = next((sign for sign in "〇○零" if sign in year), "〇")
    return "".join(zero if digit == "0" else "〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _quarter(title: str) -> str:
    def write(part: str, place: int) -> str:
        return str(place + 1) if part.isascii() else QUARTERS[place]

    return _moved(title, _QUARTER, lambda part: (int(part) - 1 if part.isascii() else QUARTERS.index(part), 4), write)


def _half(title: str) -> str:
    return _moved(title, _HALF, lambda part: (HALVES.index(part), 2), lambda _part, place: HALVES[place])


def _month(title: str) -> str:
    def write(part: str, place: int) -> str:
        return f"{place + 1:02d}" if part.startswith("0") else str(place + 1)

    return _moved(title, _MONTH, lambda part: (int(part) - 1, 12), write)


def _year(title: str) -> str:
    found = list(_WHOLE_YEAR.finditer(title))
    if len(found) != 1:
        return title
    return title[: found[0].start()] + _year_after(found[0]["year"]) + title[found[0].end() :]


_MOVES: dict[str, Callable[[str], str]] = {
    "monthly": _month,
    "quarterly": _quarter,
    "half_yearly": _half,
    "yearly": _year,
}
