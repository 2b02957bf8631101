"""Pages that list releases: all, inside the Party, focus, by category, by unit, by matter, by year, found by search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures import content_scopes
from disclosures.content_scopes import resting_on
from disclosures.facets import Facets, month_words, tally, year_words
from disclosures.listing import BadParameter, Choice, Page, Vocabulary, framed, midnight, narrowed, page_of, parse
from disclosures.models import Category, Release
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.rows import found_row, light, rows_of, with_files
from disclosures.visibility import PUBLIC, ReleaseQuerySet, since_field
from organizations.models import Unit


@dataclass(frozen=True)
class Column:
    """What makes one list differ from another."""

    heading: str
    lead: str = ""
    name: str = ""  # tells lists apart that differ in what they draw from
    kind: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    crumbs: tuple[dict[str, str], ...] = ()
    feed_url: str = ""
    empty_text: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def show(request: BoardRequest, column: Column, within: ReleaseQuerySet | None = None) -> HttpResponse:
    """Render a list page with filters, chips, numbers and paging by key."""
    name = (column.name, *column.fixed.items())
    everything = visible(request)
    within = everything if within is None else within
    vocabulary = words_of_filters(request)
    choice = parse(request.GET, vocabulary, column.fixed)
    within = narrowed(within, Choice(**column.fixed), vocabulary, request.reader)
    frame = (choice.month, choice.until, choice.form)
    cells = remembered(
        request, ("cells", name, frame), lambda: tally(framed(within, choice, request.reader), request.reader)
    )
    facets = Facets(cells, choice, vocabulary, request.path, column.fixed)
    chosen = narrowed(within, choice, vocabulary, request.reader)
    page = page_of(chosen, choice, request.reader, light(everything))
    context = {
        "column": column,
        "here": column.heading,
        "crumbs": column.crumbs,
        "rows": rows_of(request, page.rows),
        "facets": facets,
        "pager": pager(request, facets, page),
        **column.extra,
    }
    response = render(request, "disclosures/list.html", context)
    scopes = scopes_of_column(column, vocabulary)
    return resting_on(response, *scopes) if scopes else response


def words_of_filters(request: BoardRequest) -> Vocabulary:
    """Categories, units and forms, with the forms that occur in what this reader may read."""
    return remembered(request, "vocabulary", lambda: Vocabulary.load(visible(request)))


def scopes_of_column(column: Column, vocabulary: Vocabulary) -> list[str]:
    """On which releases the page of a category or a unit rests; nothing for lists of everything."""
    if "category" in column.fixed:
        return [content_scopes.category(column.fixed["category"].pk)]
    if "unit" in column.fixed:
        return [content_scopes.unit(pk) for pk in vocabulary.subtree(column.fixed["unit"])]
    return []


def pager(request: BoardRequest, facets: Facets, page: Page) -> dict[str, str]:
    """Addresses of the pages around this one, and in words where it stands."""
    is_first = facets.choice.after is None and facets.choice.before is None
    return {
        "newer_url": facets.address(before=page.newer) if page.newer else "",
        "older_url": facets.address(after=page.older) if page.older else "",
        "first_url": "" if is_first else facets.address(),
    }


@require_safe
def items(request: BoardRequest) -> HttpResponse:
    """Every item this reader may read."""
    if request.GET.get("q"):
        return search(request)
    lead = _("Everything disclosed so far, newest first. Choose a category, a unit or a year to find what you need.")
    return show(request, Column(_("Disclosed items"), lead, feed_url=reverse("disclosures:feed")))


@require_safe
def internal(request: BoardRequest) -> HttpResponse:
    """What is open to this reader inside the Party and not to the public."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not request.reader.reads_internal:
        raise PermissionDenied
    public = Release.objects.visible_to(PUBLIC, request.at).filter(pk=OuterRef("pk"))
    lead = _("For Party members only. Please do not pass on what you read here.")
    empty = _("Nothing is disclosed inside the Party alone at present. What is open to everyone stands on the board.")
    return show(
        request,
        Column(_("Disclosed inside the Party"), lead, name="internal", empty_text=empty),
        visible(request).filter(~Exists(public)),
    )


@require_safe
def focus(request: BoardRequest) -> HttpResponse:
    """Items pinned because they touch readers most (S56)."""
    lead = _("Decisions that touch the vital interests of members and the public, and what they ask about most.")
    return show(request, Column(_("Focus"), lead, name="focus"), visible(request).filter(is_focus=True))


@require_safe
def category(request: BoardRequest, slug: str) -> HttpResponse:
    """One of the eight categories."""
    chosen = get_object_or_404(Category, slug=slug)
    column = Column(
        chosen.label,
        chosen.text,
        kind=_("Category"),
        fixed={"category": chosen},
        crumbs=({"label": _("Disclosed items"), "url": reverse("disclosures:items")},),
        feed_url=reverse("disclosures:feed_category", args=[slug]),
    )
    return show(request, column)


@require_safe
def unit(request: BoardRequest, code: str) -> HttpResponse:
    """What a unit and the units below it disclosed; a unit without visible items looks empty."""
    chosen = get_object_or_404(Unit.objects.select_related("parent", "party_parent"), code=code)
    column = Column(
        chosen.label,
        kind=_("Disclosing unit"),
        fixed={"unit": chosen},
        crumbs=({"label": _("Units"), "url": reverse("disclosures:units")},),
        feed_url=reverse("disclosures:feed_unit", args=[code]),
        extra={"unit_facts": unit_facts(chosen)},
    )
    return show(request, column)


def unit_facts(chosen: Unit) -> list[dict[str, str]]:
    """What a unit is and where it stands in the two trees."""
    above = [(_("Under"), chosen.parent), (_("Party superior"), chosen.party_parent)]
    facts = [{"label": label, "value": row.label, "url": row.get_absolute_url()} for label, row in above if row]
    return [{"label": _("Kind of unit"), "value": str(chosen.get_kind_display()), "url": ""}, *facts]


def counts_by_month(request: BoardRequest, year: int) -> dict[int, int]:
    """How many releases opened in each month of `year`."""
    since = since_field(request.reader)
    within = {f"{since}__gte": midnight(date(year, 1, 1)), f"{since}__lt": midnight(date(year + 1, 1, 1))}
    months = visible(request).filter(**within).order_by().values_list(f"{since}__month")
    return dict(months.annotate(count=Count("pk")))


@require_safe
def archive(request: BoardRequest, year: int) -> HttpResponse:
    """A year month by month: how many, and the way to each."""
    counts = remembered(request, ("months", year), lambda: counts_by_month(request, year))
    if not counts:
        raise Http404
    context = {
        "here": year_words(year),
        "crumbs": [{"label": _("Statistics"), "url": reverse("disclosures:statistics")}],
        "months": [_month(year, month, counts.get(month, 0)) for month in range(1, 13)],
        "total": sum(counts.values()),
        "items_url": f"{reverse('disclosures:items')}?year={year}",
    }
    return render(request, "disclosures/archive.html", context)


def _month(year: int, month: int, count: int) -> dict[str, Any]:
    url = f"{reverse('disclosures:items')}?month={year}-{month:02d}" if count else ""
    return {"label": month_words(year, month), "count": count, "url": url}


@require_safe
def search(request: BoardRequest) -> HttpResponse:
    """Find items by words of title, number or text: every word must occur, newest first."""
    vocabulary = words_of_filters(request)
    try:
        choice = parse(request.GET, vocabulary)
    except BadParameter as refused:
        if not refused.sentence:
            raise
        kept = request.GET["q"][:200]
        return render(request, "disclosures/search.html", {"problem": refused.sentence, "q": kept}, status=400)
    context: dict[str, Any] = {"q": choice.q, "here": _("Search"), "words": choice.words}
    if choice.words:
        context |= _found(request, choice, vocabulary)
    return render(request, "disclosures/search.html", context)


def _found(request: BoardRequest, choice: Choice, vocabulary: Vocabulary) -> dict[str, Any]:
    rows = narrowed(visible(request), choice, vocabulary, request.reader)
    full = with_files(visible(request).for_reading()).defer("search_text", "revision__body")
    page = page_of(rows, choice, request.reader, full)
    facets = Facets([], choice, vocabulary, reverse("disclosures:search"))
    return {
        "rows": [found_row(request, release, choice.words) for release in page.rows],
        "facets": facets,
        "pager": pager(request, facets, page),
    }
