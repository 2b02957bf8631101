"""Numbers beside the filters: one grouped query, then every group counted in memory as the others stand chosen."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from disclosures.counts import Cell
from disclosures.listing import Choice, Vocabulary
from disclosures.models import Phase
from disclosures.visibility import Reader, ReleaseQuerySet, since_field


def tally(rows: ReleaseQuerySet, reader: Reader) -> list[Cell]:
    """Count `rows` by category, unit, phase and year of opening in one query."""
    columns = ("category_id", "unit_id", "revision__phase", "opened_in")
    dated = rows.order_by().annotate(opened_in=ExtractYear(since_field(reader)))
    return [Cell(*row) for row in dated.values_list(*columns).annotate(count=Count("pk"))]


@dataclass(frozen=True)
class Numbers:
    """How much each value of a filter would find as the other filters stand chosen, and how much all of them find."""

    total: int
    category: Counter[int]
    unit: Counter[int]
    phase: Counter[str]
    year: Counter[int]


def numbers_of(cells: Iterable[Cell], choice: Choice, vocabulary: Vocabulary) -> Numbers:
    """Count in one pass: a cell that fits every filter counts for all, one that fits all but one for that one."""
    subtree = vocabulary.subtree(choice.unit) if choice.unit else frozenset()
    wanted = choice.category.pk if choice.category else None
    total = 0
    found: tuple[Counter[Any], ...] = (Counter(), Counter(), Counter(), Counter())
    for cell in cells:
        misses = [
            place
            for place, is_missed in enumerate(
                (
                    wanted is not None and cell.category != wanted,
                    choice.unit is not None and cell.unit not in subtree,
                    choice.phase and cell.phase != choice.phase,
                    choice.year is not None and cell.year != choice.year,
                )
            )
            if is_missed
        ]
        if not misses:
            total += cell.size
        for place, counter in enumerate(found):
            if misses in ([], [place]):
                counter[cell[place]] += cell.size
    return Numbers(total, *found)


@dataclass(frozen=True)
class Value:
    """One value of a filter: what it is called, where it leads, how much it holds."""

    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True)
class Group:
    """A filter with its values; called `values` in templates, so no dict."""

    label: str
    values: tuple[Value, ...]


class Facets:
    """The filters of one list page; the pages of one list share them."""

    def __init__(
        self, numbers: Numbers, choice: Choice, vocabulary: Vocabulary, path: str, fixed: Collection[str] = ()
    ) -> None:
        self.numbers = numbers
        self.choice = choice
        self.vocabulary = vocabulary
        self.path = path
        self.fixed = fixed

    @property
    def total(self) -> int:
        """How many releases the list holds."""
        return self.numbers.total

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every filter that the page leaves open, without values that would find nothing."""
        return self.some()

    def some(self, wanted: Collection[str] = ()) -> tuple[Group, ...]:
        """The filters `wanted`, else every one, as far as the page leaves them open."""
        made = {
            "category": lambda: Group(_("Category"), tuple(self._categories())),
            "unit": lambda: Group(_("Disclosing unit"), tuple(self._units())),
            "year": lambda: Group(_("Year"), tuple(self._years())),
            "phase": lambda: Group(_("Phase"), tuple(self._phases())),
            "form": lambda: Group(_("Form of disclosure"), tuple(self._forms())),
            "attachments": lambda: Group(_("Attachments"), (self._with_files(),)),
        }
        return tuple(make() for name, make in made.items() if name in (wanted or made) and name not in self.fixed)

    @cached_property
    def chips(self) -> list[dict[str, str]]:
        """The chosen filters, each with the address without it."""
        names = [name for name in self.choice.params(self.fixed) if name not in ("q", "order")]
        return [{"label": self._said(name), "url": self._address(name, "")} for name in names]

    @cached_property
    def kept(self) -> dict[str, str]:
        """What a form that asks for a day sends along: every other filter as it stands chosen."""
        return self.choice.params({*self.fixed, "until"})

    def address(self, **paging: Any) -> str:
        """The address of this choice, with paging."""
        return _join(self.path, {**self.choice.params(self.fixed), **{k: str(v) for k, v in paging.items()}})

    def _address(self, name: str, value: str) -> str:
        params = self.choice.params({*self.fixed, name})
        return _join(self.path, {**params, **({name: value} if value else {})})

    def _value(self, name: str, value: str, label: str, count: int | None, current: bool) -> Value:
        return Value(label, self._address(name, "" if current else value), count, current)

    def _categories(self) -> list[Value]:
        counts, chosen = self.numbers.category, self.choice.category
        rows = [row for row in self.vocabulary.categories if counts[row.pk] or row == chosen]
        return [self._value("category", row.slug, row.label, counts[row.pk], row == chosen) for row in rows]

    def _units(self) -> list[Value]:
        counts, chosen = self.numbers.unit, self.choice.unit
        found = []
        for row in self.vocabulary.units:
            if row.discloses or row == chosen:
                count = sum(counts[pk] for pk in self.vocabulary.subtree(row))
                found.append(self._value("unit", row.code, row.label, count, row == chosen))
        return [value for value in found if value.count or value.current]

    def _years(self) -> list[Value]:
        counts, chosen = self.numbers.year, self.choice.year
        years = sorted({*counts, *([chosen] if chosen else [])}, reverse=True)
        return [self._value("year", str(year), year_words(year), counts[year], year == chosen) for year in years]

    def _phases(self) -> list[Value]:
        counts, chosen = self.numbers.phase, self.choice.phase
        phases = [phase for phase in Phase if phase.value and (counts[phase.value] or phase.value == chosen)]
        return [
            self._value("phase", phase.value, str(phase.label), counts[phase.value], phase.value == chosen)
            for phase in phases
        ]

    def _forms(self) -> list[Value]:
        """Forms in use; without numbers, for an item has several."""
        chosen = self.choice.form
        rows = [row for row in self.vocabulary.forms if row.pk in self.vocabulary.used_forms or row == chosen]
        return [self._value("form", row.code, row.label, None, row == chosen) for row in rows]

    def _with_files(self) -> Value:
        """The switch for items with published attachments; its number would cost a query of its own."""
        return self._value("attachments", "1", _("With attachments"), None, self.choice.attachments)

    def _said(self, name: str) -> str:
        """A chosen filter in words."""
        value = getattr(self.choice, name)
        if name == "year":
            return year_words(value)
        if name == "month":
            return month_words(value.year, value.month)
        if name == "attachments":
            return _("With attachments")
        if name == "until":
            return _("Until %(year)s-%(month)s-%(day)s") % _parts(value)
        return str(Phase(value).label) if name == "phase" else value.label


def year_words(year: int) -> str:
    """A year as pages say it."""
    return pgettext("a year", "%(year)s") % {"year": year}


def month_words(year: int, month: int) -> str:
    """A month as pages say it."""
    return date_format(date(year, month, 1), "YEAR_MONTH_FORMAT")


def _parts(day: Any) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _join(path: str, params: dict[str, str]) -> str:
    return f"{path}?{urlencode(params)}" if params else path
