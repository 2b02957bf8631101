"""Public numbers and the archive: how much was disclosed, by year, month, category and unit, as this reader sees it."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from disclosures import charts
from disclosures.counts import Cell, counts
from disclosures.facets import month_words, year_words
from disclosures.models import Category
from disclosures.views.asking import BoardRequest
from organizations.models import Unit

TABLE_YEARS = 6
CHART_YEARS = 10
MONTHS = 12
SHORT_MONTHS = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)


class Totals:
    """The cells of a tally added up in the ways the page needs."""

    def __init__(self, cells: list[Cell], this_year: int) -> None:
        self.by_year, self.by_category, self.by_unit = Counter[int](), Counter[int](), Counter[int]()
        self.category_year = Counter[tuple[int, int]]()
        self.unit_this_year = Counter[int]()
        for cell in cells:
            self.by_year[cell.year] += cell.size
            self.by_category[cell.category] += cell.size
            self.by_unit[cell.unit] += cell.size
            self.category_year[cell.category, cell.year] += cell.size
            if cell.year == this_year:
                self.unit_this_year[cell.unit] += cell.size


@require_safe
def statistics(request: BoardRequest) -> HttpResponse:
    """Numbers of what this reader may read: by year, month, category and unit (S6, S11)."""
    this_year = timezone.localdate(request.at).year
    totals = Totals(counts(request).cells, this_year)
    years = sorted(totals.by_year, reverse=True)
    months = _last_months(request)
    context = {
        "here": _("Statistics"),
        "total": sum(totals.by_year.values()),
        "this_year": totals.by_year[this_year],
        "units_this_year": len(totals.unit_this_year),
        "year_chart": charts.columns([(str(year), totals.by_year[year], _archive(year)) for year in _span(years)]),
        "year_rows": [_table_row(year_words(year), totals.by_year[year], _archive(year)) for year in years],
        "month_chart": charts.columns([(short_month(month), size, url) for (_year, month), size, url in months]),
        "month_rows": [_table_row(month_words(*month), size, url) for month, size, url in reversed(months)],
        "months_span": f"{month_words(*months[0][0])}—{month_words(*months[-1][0])}",
        "years": [{"label": year_words(year), "url": _archive(year)} for year in years[:TABLE_YEARS]],
        "has_earlier": len(years) > TABLE_YEARS,
        "categories": _category_rows(totals, years[:TABLE_YEARS]),
        "units": _unit_rows(totals),
        "at": request.at,
    }
    return render(request, "disclosures/statistics.html", context)


def _category_rows(totals: Totals, years: list[int]) -> list[dict[str, Any]]:
    highest = max(totals.by_category.values(), default=0)
    return [
        {
            "row": row,
            "counts": (counted := [totals.category_year[row.pk, year] for year in years]),
            "earlier": totals.by_category[row.pk] - sum(counted),
            "total": totals.by_category[row.pk],
            "share": charts.share(totals.by_category[row.pk], highest),
        }
        for row in Category.objects.all()
    ]


def _unit_rows(totals: Totals) -> list[dict[str, Any]]:
    highest = max(totals.by_unit.values(), default=0)
    return [
        {
            "unit": row,
            "this_year": totals.unit_this_year[row.pk],
            "count": totals.by_unit[row.pk],
            "share": charts.share(totals.by_unit[row.pk], highest),
        }
        for row in Unit.objects.all()
        if totals.by_unit[row.pk]
    ]


def _archive(year: int) -> str:
    return reverse("disclosures:archive", args=[year])


def _span(years: list[int]) -> list[int]:
    """The years of the chart without holes, oldest first."""
    return list(range(max(years[-1], years[0] - CHART_YEARS + 1), years[0] + 1)) if years else []


def _last_months(request: BoardRequest) -> list[tuple[tuple[int, int], int, str]]:
    """The last twelve months up to this one, oldest first: the month, how much it holds, and where that stands."""
    today = timezone.localdate(request.at)
    months = [divmod(today.year * MONTHS + today.month - 1 - back, MONTHS) for back in range(MONTHS)][::-1]
    found = counts(request).months
    return [((year, month + 1), found[year, month + 1], month_url(year, month + 1, found)) for year, month in months]


def short_month(month: int) -> str:
    """A month as it stands under a column."""
    return str(SHORT_MONTHS[month - 1])


def _table_row(label: str, size: int, url: str) -> dict[str, Any]:
    """A column of a chart as a row of its table; nothing is linked where nothing stands."""
    return {"label": label, "value": size, "url": url if size else ""}


def month_url(year: int, month: int, found: Counter[tuple[int, int]]) -> str:
    """Where the items of a month stand; nowhere where it has none."""
    return f"{reverse('disclosures:items')}?month={year}-{month:02d}" if found[year, month] else ""


@require_safe
def archive_index(request: BoardRequest) -> HttpResponse:
    """Every year with its months: any part of the archive is two steps away."""
    found = counts(request).months
    years = sorted({year for year, _month in found}, reverse=True)
    context = {
        "here": _("Archive"),
        "months": [short_month(month) for month in range(1, MONTHS + 1)],
        "years": [
            {
                "label": year_words(year),
                "url": _archive(year),
                "months": _months(year, found),
                "total": sum(found[year, month] for month in range(1, MONTHS + 1)),
            }
            for year in years
        ],
    }
    return render(request, "disclosures/archive_index.html", context)


def _months(year: int, found: Counter[tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {
            "label": month_words(year, month),
            "count": found[year, month],
            "url": month_url(year, month, found),
        }
        for month in range(1, MONTHS + 1)
    ]


@require_safe
def archive(request: BoardRequest, year: int) -> HttpResponse:
    """A year month by month: how many, and the way to each."""
    found = counts(request).months
    months = _months(year, found)
    total = sum(month["count"] for month in months)
    if not total:
        raise Http404
    context = {
        "here": year_words(year),
        "crumbs": [{"label": _("Archive"), "url": reverse("disclosures:archive_index")}],
        "months": months,
        "chart": charts.columns(
            [(short_month(number), month["count"], month["url"]) for number, month in enumerate(months, start=1)]
        ),
        "total": total,
        "items_url": f"{reverse('disclosures:items')}?year={year}",
    }
    return render(request, "disclosures/archive.html", context)
