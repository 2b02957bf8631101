"""Pages that list releases: all, inside the Party, focus, by category, by unit, by matter, by year, found by search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.facets import Facets, tally
from disclosures.listing import Choice, Page, Vocabulary, framed, narrowed, page_of, parse
from disclosures.models import Category, Release
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.pinned import pinned_rows, without
from disclosures.views.rows import light, rows_of
from disclosures.views.searching import search
from disclosures.visibility import PUBLIC, ReleaseQuerySet


@dataclass(frozen=True)
class Column:
    """What makes one list differ from another."""

    heading: str
    lead: str = ""
    kind: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    crumbs: tuple[dict[str, str], ...] = ()
    feed_url: str = ""
    empty_text: str = ""
    takes_pins: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


def show(request: BoardRequest, column: Column, within: ReleaseQuerySet | None = None) -> HttpResponse:
    """Render a list page with filters, chips, numbers and paging by key."""
    within = visible(request) if within is None else within
    vocabulary = Vocabulary.load(within)
    choice = parse(request.GET, vocabulary, column.fixed)
    within = narrowed(within, Choice(**column.fixed), vocabulary, request.reader)
    cells = tally(framed(within, choice, request.reader), request.reader)
    facets = Facets(cells, choice, vocabulary, request.path, column.fixed)
    page = page_of(light(narrowed(within, choice, vocabulary, request.reader)), choice, request.reader)
    pinned = pinned_rows(request, **column.fixed) if column.takes_pins and choice == Choice(**column.fixed) else []
    context = {
        "column": column,
        "here": column.heading,
        "crumbs": column.crumbs,
        "rows": [*pinned, *without(rows_of(request, page.rows), pinned)],
        "facets": facets,
        "pager": pager(request, facets, page),
        **column.extra,
    }
    return render(request, "disclosures/list.html", context)


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
        Column(_("Disclosed inside the Party"), lead, empty_text=empty),
        visible(request).filter(~Exists(public)),
    )


@require_safe
def focus(request: BoardRequest) -> HttpResponse:
    """Items pinned because they touch readers most (S56)."""
    lead = _("Decisions that touch the vital interests of members and the public, and what they ask about most.")
    return show(request, Column(_("Focus"), lead), visible(request).filter(is_focus=True))


@require_safe
def category(request: BoardRequest, slug: str) -> HttpResponse:
    """One of the eight categories; empty, it leads to what the catalogue demands."""
    chosen = get_object_or_404(Category, slug=slug)
    column = Column(
        chosen.label,
        chosen.text,
        kind=_("Category"),
        fixed={"category": chosen},
        crumbs=({"label": _("Disclosed items"), "url": reverse("disclosures:items")},),
        feed_url=reverse("disclosures:feed_category", args=[slug]),
        empty_text=_("The disclosure catalogue says what belongs here, and by when it is disclosed."),
        takes_pins=True,
    )
    return show(request, column)
