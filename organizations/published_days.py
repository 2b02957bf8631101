"""The days off and make-up days of a year, read from the lines of the published notice; asks no database.

A line is a day or a span, what the day is, and its name: `2026-10-01至2026-10-07 放假 国庆节`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from organizations.calendar import SATURDAY
from organizations.models import CalendarDay, DayKind

MOST_LINES = 400
LONGEST_SPAN = 31  # days
DAY = timedelta(days=1)
WORDS = {"放假": DayKind.HOLIDAY, "休息": DayKind.HOLIDAY, "上班": DayKind.MAKE_UP}
_DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_LINE = re.compile(rf"{_DATE}(?:\s*(?:至|到|~|—+)\s*{_DATE})?[\s,;、]*(?P<kind>{'|'.join(WORDS)})[\s,;、]*(?P<name>.*)")
_HEAD = re.compile(r"日期|#|day\b", re.IGNORECASE)


@dataclass(frozen=True)
class Published:
    """What was read: the days in order, and for each line that could not be read its number and a sentence."""

    days: tuple[CalendarDay, ...]
    problems: tuple[tuple[int, str], ...]


def read(text: str) -> Published:
    """Days of the notice; a heading and empty lines are passed over."""
    lines = unicodedata.normalize("NFKC", text).splitlines()
    problems: list[tuple[int, str]] = []
    days: dict[date, CalendarDay] = {}
    if len(lines) > MOST_LINES:
        return Published((), ((MOST_LINES + 1, _("There are too many lines. Enter one year at a time.")),))
    for number, line in enumerate(lines, start=1):
        words = line.strip(" \t\r\ufeff")
        if words and not _HEAD.match(words):
            found, problem = _read_line(words)
            problem = problem or _clash(found, days)
            problems += [(number, problem)] if problem else []
            days |= {} if problem else {row.day: row for row in found}
    return Published(tuple(days[day] for day in sorted(days)), tuple(problems))


def decoded(content: bytes) -> str | None:
    """The text of an uploaded file as spreadsheets in China save it; None for what is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _read_line(words: str) -> tuple[list[CalendarDay], str]:
    """The days of one line, or the sentence that says what is wrong with it."""
    match = _LINE.fullmatch(words)
    if match is None:
        return [], _("Write a day, then 放假 or 上班, then its name: 2026-10-01 放假 国庆节.")
    parts = match.groups()
    first, last = _day(parts[:3]), _day(parts[3:6]) if parts[3] else _day(parts[:3])
    if first is None or last is None:
        return [], _("There is no such day.")
    if not 0 <= (last - first).days < LONGEST_SPAN:
        return [], _("The span ends before it begins, or is longer than a month.")
    kind = WORDS[match["kind"]]
    days = [first + DAY * place for place in range((last - first).days + 1)]
    if kind == DayKind.MAKE_UP and any(day.weekday() < SATURDAY for day in days):
        return [], _("Only a Saturday or Sunday is made a working day.")
    name = match["name"].strip(" ,;、\t")[:50] or str(match["kind"])
    return [CalendarDay(day=day, kind=kind, name=name) for day in days], ""


def _day(parts: Iterable[str]) -> date | None:
    year, month, day = (int(part) for part in parts)
    try:
        return date(year, month, day) if 2000 <= year <= 2100 else None
    except ValueError:
        return None


def _clash(found: list[CalendarDay], known: dict[date, CalendarDay]) -> str:
    """The sentence where a line says otherwise than one before it."""
    for row in found:
        if row.day in known and known[row.day].kind != row.kind:
            return _("%(day)s stands in an earlier line as something else.") % {"day": row.day.isoformat()}
    return ""
