"""The front page: focus, latest by day, the eight categories."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.models import Category
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.pages import everything
from disclosures.views.rows import Row, by_day, light, row_of, rows_of

FOCUS = 3
LATEST = 12
NEWEST = 3  # of each category


@require_safe
def board(request: BoardRequest) -> HttpResponse:
    """Focus first, latest by day, then eight calm blocks (S48–S56)."""
    newest = light(visible(request).newest_first(request.reader))
    context = {
        "focus": focus_rows(request),
        "days": by_day(rows_of(request, newest[:LATEST])),
        "categories": category_blocks(request),
        "year": timezone.localdate(request.at).year,
    }
    return render(request, "disclosures/board.html", context)


def focus_rows(request: BoardRequest) -> list[Row]:
    """The newest focus items with why they matter to the reader (S19, S56)."""
    releases = light(visible(request).filter(is_focus=True).newest_first(request.reader))[:FOCUS]
    return [row_of(request, release, why=release.revision.focus_reason) for release in releases]


def category_blocks(request: BoardRequest) -> list[dict[str, Any]]:
    """Each category with its number of this year and its newest rows; two queries for all of them, and the numbers.

    The keys of the newest rows come from an index, one look-up for each place of a block.
    """
    open_now = visible(request).filter(category=OuterRef("pk"))
    newest = open_now.newest_first(request.reader).values("pk")
    places = {f"place_{n}": Subquery(newest[n : n + 1]) for n in range(NEWEST)}
    categories = list(Category.objects.annotate(**places))
    counts = counts_of_year(request, timezone.localdate(request.at).year)
    rows = _rows_by_category(request, [getattr(row, name) for row in categories for name in places])
    return [
        {
            "name": category.label,
            "url": category.get_absolute_url(),
            "count": counts[category.pk],
            "rows": rows[category.pk],
            "empty_text": _("Nothing yet. What belongs here: %(text)s") % {"text": category.text},
        }
        for category in categories
    ]


def counts_of_year(request: BoardRequest, year: int) -> Counter[int]:
    """How many releases of each category opened in `year`."""
    counts = Counter[int]()
    for cell in everything(request):
        if cell.year == year:
            counts[cell.category] += cell.size
    return counts


def _rows_by_category(request: BoardRequest, keys: list[int | None]) -> dict[int, list[Row]]:
    """Rows of the releases named by `keys`, asked once more through visibility, by category."""
    found = light(visible(request).filter(pk__in=[key for key in keys if key])).newest_first(request.reader)
    rows: dict[int, list[Row]] = defaultdict(list)
    for release in found:
        rows[release.category_id].append(row_of(request, release, unit="", category="", phase="", files=0))
    return rows


@require_safe
def mobile(request: HttpRequest) -> HttpResponse:
    """The old address of the mobile edition: every page fits a phone (S2)."""
    return HttpResponsePermanentRedirect(reverse("disclosures:board"))
