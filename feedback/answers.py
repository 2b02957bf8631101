"""The list of published answers: what may be asked for in its address, numbers beside the filters, paging by key."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.http import Http404, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disclosures.facets import Group, Value, year_words
from disclosures.listing import BadParameter, Key, within_year
from feedback.models import CaseKind, Reply
from organizations.models import Unit

PAGE_SIZE = 20
PUT_RIGHT = "put_right"
_YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """What a reader asked for; the order of the fields is that of a canonical address."""

    unit: str | None = None
    kind: str | None = None
    year: int | None = None
    outcome: str | None = None
    after: Key | None = None
    before: Key | None = None

    def query(self, **changed: Any) -> str:
        """The part of the address behind the path; paging begins anew unless it is named."""
        chosen = replace(self, **{"after": None, "before": None, **changed})
        pairs = {field.name: str(value) for field in fields(chosen) if (value := getattr(chosen, field.name))}
        return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True)
class Cell:
    """How many answers share a unit, a kind, a year and an outcome."""

    unit: str
    unit_label: str
    kind: str
    year: int
    outcome: str
    size: int


@dataclass(frozen=True)
class Page:
    """One page of answers, newest first, with the keys that lead on."""

    rows: list[Reply]
    newer: Key | None = None
    older: Key | None = None


def read(params: QueryDict) -> Choice:
    """The choice in an address; other names are left alone. Raises BadParameter (400) and Http404 for no such unit."""
    given = {}
    for field in fields(Choice):
        values = params.getlist(field.name)
        if len(values) > 1 or any(ord(sign) < 32 for value in values for sign in value):
            raise BadParameter(field.name)
        if values and values[0].strip():
            given[field.name] = values[0].strip()
    if "after" in given and "before" in given:
        raise BadParameter("after")
    return Choice(**{name: _value(name, text) for name, text in given.items()})


def _value(name: str, text: str) -> Any:
    if name in ("after", "before"):
        return Key.read(name, text)
    if name == "unit":
        if not Unit.objects.filter(code=text).exists():
            raise Http404
        return text
    if name == "year" and _YEAR.fullmatch(text):
        return int(text)
    if (name == "kind" and text in CaseKind.values) or (name == "outcome" and text == PUT_RIGHT):
        return text
    raise BadParameter(name)


def narrowed(rows: QuerySet[Reply], choice: Choice) -> QuerySet[Reply]:
    """Answers of the chosen unit, kind, year and outcome."""
    if choice.unit:
        rows = rows.filter(case__unit__code=choice.unit)
    if choice.kind:
        rows = rows.filter(case__kind=choice.kind)
    if choice.year:
        rows = rows.filter(**within_year("published_at", choice.year))
    return rows.filter(Q(was_put_right=True)) if choice.outcome else rows


def page_of(rows: QuerySet[Reply], choice: Choice, size: int = PAGE_SIZE) -> Page:
    """The page after or before the chosen key, else the newest; one query."""
    if choice.before:
        found = list(rows.filter(_beyond(choice.before, "gt")).order_by("published_at", "uid")[: size + 1])
        return _page(found[:size][::-1], newer=len(found) > size, older=True)
    if choice.after:
        rows = rows.filter(_beyond(choice.after, "lt"))
    found = list(rows.order_by("-published_at", "-uid")[: size + 1])
    return _page(found[:size], newer=choice.after is not None, older=len(found) > size)


def tally(rows: QuerySet[Reply]) -> list[Cell]:
    """Count `rows` by unit, kind, year and outcome in one query."""
    name = "case__unit__name_en" if get_language() == "en" else "case__unit__name"
    columns = ("case__unit__code", name, "case__kind", "opened_in", "was_put_right")
    dated = rows.order_by().annotate(opened_in=ExtractYear("published_at"))
    counted = dated.values_list(*columns).annotate(count=Count("pk"))
    return [
        Cell(unit, label or unit, kind, year, PUT_RIGHT if right else "", size)
        for unit, label, kind, year, right, size in counted
    ]


def groups_of(cells: list[Cell], choice: Choice, path: str) -> list[Group]:
    """The filters with their numbers, each counted as the others stand chosen."""
    units = {cell.unit: cell.unit_label for cell in cells}
    kinds = {str(value): str(label) for value, label in CaseKind.choices}
    years = {year: year_words(year) for year in sorted({cell.year for cell in cells}, reverse=True)}
    offered: list[tuple[str, str, dict[Any, str]]] = [
        (_("Unit"), "unit", units),
        (_("Kind"), "kind", kinds),
        (_("Year"), "year", years),
        (_("Outcome"), "outcome", {PUT_RIGHT: _("Put right and verified")}),
    ]
    groups = []
    for label, name, words in offered:
        fit = [cell for cell in cells if _fits(cell, replace(choice, **{name: None}))]
        values = [
            Value(
                said,
                path + choice.query(**{name: value if getattr(choice, name) != value else None}),
                count,
                getattr(choice, name) == value,
            )
            for value, said in words.items()
            if (count := sum(cell.size for cell in fit if getattr(cell, name) == value))
        ]
        groups.append(Group(label, tuple(values)))
    return groups


def chips_of(cells: list[Cell], choice: Choice, path: str) -> list[dict[str, str]]:
    """What is chosen, each with the address without it."""
    words = {cell.unit: cell.unit_label for cell in cells}
    said = {
        "unit": words.get(choice.unit or "", choice.unit or ""),
        "kind": str(CaseKind(choice.kind).label) if choice.kind else "",
        "year": str(choice.year or ""),
        "outcome": _("Put right and verified") if choice.outcome else "",
    }
    return [{"label": label, "url": path + choice.query(**{name: None})} for name, label in said.items() if label]


def counted(cells: Iterable[Cell], choice: Choice) -> int:
    """How many answers fit the choice."""
    return sum(cell.size for cell in cells if _fits(cell, choice))


def _fits(cell: Cell, choice: Choice) -> bool:
    chosen = {"unit": choice.unit, "kind": choice.kind, "year": choice.year, "outcome": choice.outcome}
    return all(not value or getattr(cell, name) == value for name, value in chosen.items())


def _beyond(key: Key, side: str) -> Q:
    return Q(**{f"published_at__{side}": key.since}) | Q(published_at=key.since, **{f"uid__{side}": key.uid})


def _page(shown: list[Reply], *, newer: bool, older: bool) -> Page:
    if not shown:
        return Page([])
    first, last = _key(shown[0]), _key(shown[-1])
    return Page(shown, first if newer else None, last if older else None)


def _key(reply: Reply) -> Key:
    assert reply.published_at is not None  # only published answers are listed
    return Key(reply.published_at, reply.uid)
