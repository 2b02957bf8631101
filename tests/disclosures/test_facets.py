"""Numbers beside the filters, against counting each filter by itself."""

from itertools import product
from types import SimpleNamespace

import pytest

from disclosures.facets import Cell, numbers_of
from disclosures.listing import Choice

CELLS = [
    Cell(category, unit, phase, year, 1 + (category * 7 + unit * 3 + year) % 5)
    for category, unit, phase, year in product((1, 2), (10, 11, 12), ("", "before"), (2025, 2026))
]
SUBTREES = {10: {10, 11}, 11: {11}, 12: {12}}
VOCABULARY = SimpleNamespace(subtree=lambda unit: frozenset(SUBTREES[unit.pk]))


def fits(cell: Cell, choice: Choice, without: str = "") -> bool:
    tests = {
        "category": choice.category is None or cell.category == choice.category.pk,
        "unit": choice.unit is None or cell.unit in SUBTREES[choice.unit.pk],
        "phase": not choice.phase or cell.phase == choice.phase,
        "year": choice.year is None or cell.year == choice.year,
    }
    return all(is_met for name, is_met in tests.items() if name != without)


@pytest.mark.parametrize("category", [None, 1])
@pytest.mark.parametrize("unit", [None, 10, 12])
@pytest.mark.parametrize("phase", ["", "before"])
@pytest.mark.parametrize("year", [None, 2026, 1999])
def test_each_filter_counts_as_the_others_stand_chosen(category, unit, phase, year):
    choice = Choice(
        category=category and SimpleNamespace(pk=category),
        unit=unit and SimpleNamespace(pk=unit),
        phase=phase,
        year=year,
    )
    numbers = numbers_of(CELLS, choice, VOCABULARY)
    assert numbers.total == sum(cell.size for cell in CELLS if fits(cell, choice))
    for name in ("category", "unit", "phase", "year"):
        for value in {getattr(cell, name) for cell in CELLS}:
            rows = [cell for cell in CELLS if fits(cell, choice, name) and getattr(cell, name) == value]
            assert getattr(numbers, name)[value] == sum(cell.size for cell in rows), (name, value)
