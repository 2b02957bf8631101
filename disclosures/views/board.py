"""The front page: focus, latest by day, what is due soon, the eight categories."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from disclosures.capped import CappedCount, count_words
from disclosures.coming import Coming, coming_duties, concerns, versions_in_force
from disclosures.facets import year_words
from disclosures.listing import midnight, within_year
from disclosures.models import CatalogueEntryVersion, Category, Release
from disclosures.prepared import Prepared
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, open_to, reads_in_public, visible
from disclosures.views.expected import words_of_empty
from disclosures.views.pinned import pinned_rows, without
from disclosures.views.rows import Line, Row, by_day, lines, row_of, rows_of
from disclosures.visibility import PUBLIC, Reader, since_field

FOCUS = 3
LATEST = 9
NEWEST = 3  # of each category
YEARS = 3  # with a number of their own; older ones together
SOON = 6  # duties announced
FEW = 4  # rows that cannot fill a column


@require_safe
def board(request: BoardRequest) -> HttpResponse:
    """Focus first, latest by day, what comes next, then eight calm blocks (S48–S56)."""
    pinned = pinned_rows(request)
    latest = latest_rows(request)
    sides = remembered(request, ("board", timezone.localdate(request.at), get_language()), lambda: _sides(request))
    context = {
        "pinned": pinned,
        "days": by_day(without(latest, pinned)),
        "is_short": len(latest) < FEW,
        **sides,
    }
    return render(request, "disclosures/board.html", context)


_latest_of_public = Prepared(lambda at: _latest(PUBLIC, at), at=DateTimeField())


def latest_rows(request: BoardRequest) -> list[Row]:
    """The newest rows of all."""
    found = _latest_of_public(at=request.at) if reads_in_public(request) else _latest(request.reader, request.at)
    return rows_of(request, (Line(*row) for row in found))


def _latest(reader: Reader, at: datetime) -> QuerySet[Release, Any]:
    return lines(open_to(reader, at).newest_first(reader))[:LATEST]


def _sides(request: BoardRequest) -> dict[str, Any]:
    """What stands around the latest rows and changes by the day at most, until something opens or closes."""
    versions = versions_in_force(timezone.localdate(request.at))
    coming = coming_duties(versions, visible(request), request.reader, request.at)
    return {
        "focus": focus_rows(request),
        "coming": by_last_day(coming[:SOON]),
        "categories": category_blocks(request, [v for v in versions if concerns(v, request.reader)], coming),
    }


def focus_rows(request: BoardRequest) -> list[Row]:
    """The newest focus items with why they matter to the reader (S19, S56)."""
    newest = visible(request).filter(is_focus=True).newest_first(request.reader)
    found = lines(newest, "revision__focus_reason")[:FOCUS]
    return [row_of(request, Line(*line), why=why) for *line, why in found]


def by_last_day(coming: list[Coming]) -> list[dict[str, Any]]:
    """Duties grouped by the last day on which they are disclosed and the period they are for."""
    groups = groupby(coming, key=lambda duty: (duty.due, duty.period))
    return [
        {"due": due, "period": period, "duties": [duty_row(duty) for duty in together]}
        for (due, period), together in groups
    ]


def duty_row(duty: Coming) -> dict[str, str]:
    """A duty as a line: what is disclosed, and where the catalogue says so."""
    return {"title": duty.version.label, "url": f"{reverse('disclosures:catalogue')}#{duty.version.entry.code}"}


@dataclass(frozen=True)
class YearCount:
    """How much a category holds of one year, and where it stands."""

    label: str
    count: str
    url: str


def category_blocks(
    request: BoardRequest, versions: list[CatalogueEntryVersion], coming: list[Coming]
) -> list[dict[str, Any]]:
    """Each category with its newest rows, its numbers by year and, where empty, what is due; two queries for all.

    The keys of the newest rows come from an index, one look-up for each place of a block; numbers stop at the cap.
    """
    open_now = visible(request).filter(category=OuterRef("pk"))
    newest = open_now.newest_first(request.reader).values("pk")
    years = _years(request)
    since = since_field(request.reader)
    oldest = midnight(date(years[-1], 1, 1))
    places = {f"place_{n}": Subquery(newest[n : n + 1]) for n in range(NEWEST)}
    counts = {f"year_{year}": CappedCount(open_now.filter(**within_year(since, year))) for year in years}
    earlier = Exists(open_now.filter(**{f"{since}__lt": oldest}))
    categories = list(Category.objects.annotate(has_earlier=earlier, **places, **counts))
    rows = _rows_by_category(request, [getattr(row, name) for row in categories for name in places])
    blocks = [_block(category, rows[category.pk], years) for category in categories]
    for category, block in zip(categories, blocks, strict=True):
        if not block["rows"]:
            block |= words_of_empty(category, versions, coming)
    return blocks


def _years(request: BoardRequest) -> list[int]:
    this_year = timezone.localdate(request.at).year
    return [this_year - back for back in range(YEARS)]


def _block(category: Any, rows: list[Row], years: list[int]) -> dict[str, Any]:
    """What stands in the block of one category."""
    url = category.get_absolute_url()
    counts = {year: getattr(category, f"year_{year}") for year in years}
    listed = [
        YearCount(year_words(year), count_words(counts[year]), f"{url}?year={year}") for year in years if counts[year]
    ]
    return {
        "name": category.label,
        "url": url,
        "years": listed,
        "earlier_url": f"{url}?until={years[-1] - 1}-12-31" if category.has_earlier else "",
        "rows": rows,
    }


def _rows_by_category(request: BoardRequest, keys: list[int | None]) -> dict[int, list[Row]]:
    """Rows of the releases named by `keys`, asked once more through visibility, by category."""
    found = lines(visible(request).filter(pk__in=[key for key in keys if key]).newest_first(request.reader))
    rows: dict[int, list[Row]] = defaultdict(list)
    for line in (Line(*row) for row in found):
        rows[line.category_id].append(row_of(request, line, unit="", category="", phase="", files=0))
    return rows


@require_safe
def mobile(request: HttpRequest) -> HttpResponse:
    """The old address of the mobile edition: every page fits a phone (S2)."""
    return HttpResponsePermanentRedirect(reverse("disclosures:board"))
