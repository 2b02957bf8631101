"""What the office put at the top of a list, as far as this reader may read it."""

from django.utils.translation import get_language

from disclosures.models import Category
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.rows import Line, Row, lines, rows_of
from organizations.models import Unit


def pinned_rows(request: BoardRequest, *, category: Category | None = None, unit: Unit | None = None) -> list[Row]:
    """Visible pinned items of a category's or a unit's list, or with neither of the front page, in order."""

    def rows() -> list[Row]:
        here = {"item__pins__isnull": False, "item__pins__category": category, "item__pins__unit": unit}
        found = lines(visible(request).filter(**here).order_by("item__pins__order", "item__pins__id"))
        is_told = bool(category or unit)  # the front page says it once, above them
        return rows_of(request, (Line(*row) for row in found), is_pinned=is_told)

    return remembered(request, ("pinned", category, unit, get_language()), rows)


def without(rows: list[Row], pinned: list[Row]) -> list[Row]:
    """`rows` less those that stand among the pinned ones above them."""
    above = {row.url for row in pinned}
    return [row for row in rows if row.url not in above]
