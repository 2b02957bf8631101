"""The front page: focus, latest by day, the eight categories."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.listing import midnight
from disclosures.models import Category
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.rows import Row, by_day, light, row_of, rows_of
from disclosures.visibility import since_field

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
    """Each category with its number of this year and its newest rows; two queries for all of them.

    The keys of the newest rows come from an index, one look-up for each place of a block.
    """
    open_now = visible(request).filter(category=OuterRef("pk"))
    newest = open_now.newest_first(request.reader).values("pk")
    since = since_field(request.reader)
    this_year = open_now.filter(**{f"{since}__gte": midnight(date(timezone.localdate(request.at).year, 1, 1))})
    counted = this_year.order_by().values("category").annotate(count=Count("pk")).values("count")
    places = {f"place_{n}": Subquery(newest[n : n + 1]) for n in range(NEWEST)}
    categories = list(Category.objects.annotate(this_year=Coalesce(Subquery(counted), 0), **places))
    rows = _rows_by_category(request, [getattr(row, name) for row in categories for name in places])
    return [
        {
            "name": category.label,
            "url": category.get_absolute_url(),
            "count": category.this_year,
            "rows": rows[category.pk],
            "empty_text": _("Nothing yet. What belongs here: %(text)s") % {"text": category.text},
        }
        for category in categories
    ]


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
