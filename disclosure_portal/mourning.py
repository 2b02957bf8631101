"""Days of mourning, on which the site is shown in grey: dates from the settings, nothing to switch by hand."""

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ImproperlyConfigured

_EACH_YEAR = re.compile(r"\d\d-\d\d")


@dataclass(frozen=True)
class GreyDays:
    """Single days, spans of days, and days that return each year (as month and day)."""

    spans: tuple[tuple[date, date], ...] = ()
    each_year: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> "GreyDays":
        """Read `12-13, 2026-04-04, 2026-05-19..2026-05-21`; raises ImproperlyConfigured for anything else."""
        spans, each_year = [], set()
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            first, _dots, last = part.partition("..")
            try:
                if _EACH_YEAR.fullmatch(part):
                    date.fromisoformat(f"2000-{part}")
                    each_year.add(part)
                else:
                    spans.append((date.fromisoformat(first), date.fromisoformat(last or first)))
            except ValueError:
                raise ImproperlyConfigured(f"PORTAL_GREY_DAYS: {part!r} is no day, span or yearly day.") from None
        return cls(tuple(spans), frozenset(each_year))

    def hold(self, day: date) -> bool:
        """Whether the site is grey on `day`."""
        return f"{day:%m-%d}" in self.each_year or any(first <= day <= last for first, last in self.spans)
