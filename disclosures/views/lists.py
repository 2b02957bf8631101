"""Pages that list releases: all, inside the Party, focus, by category, by unit, by matter, by year, found by search."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, DateTimeField, Exists, Field, OuterRef, QuerySet, UUIDField
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures import content_scopes
from disclosures.content_scopes import resting_on
from disclosures.counts import Cell, counts
from disclosures.facets import Facets, numbers_of, tally
from disclosures.listing import Choice, Key, Page, Vocabulary, framed, narrowed, page_keys, page_of, parse
from disclosures.models import Release
from disclosures.prepared import Prepared
from disclosures.remembered import remembered
from disclosures.views.asking import BoardRequest, open_to, reads_in_public, visible
from disclosures.views.expected import next_of
from disclosures.views.pinned import pinned_rows, without
from disclosures.views.rows import Line, lines_named, rows_of
from disclosures.views.searching import search
from disclosures.views.vocabulary import words_of_filters
from disclosures.visibility import PUBLIC, ReleaseQuerySet


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
    feed_name: str = ""  # of the part that the feed holds; empty for everything
    empty_text: str = ""
    takes_pins: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


def show(request: BoardRequest, column: Column, within: ReleaseQuerySet | None = None) -> HttpResponse:
    """Render a list page with filters, chips, numbers and paging by key."""
    vocabulary = words_of_filters(request)
    choice = parse(request.GET, vocabulary, column.fixed)

    @cache
    def drawn() -> ReleaseQuerySet:
        """What the list draws from; most pages are in memory or ask what stands ready, and need none of it."""
        rows = visible(request) if within is None else within
        return narrowed(rows, Choice(**column.fixed), vocabulary, request.reader)

    facets = facets_of(request, column, drawn, choice, vocabulary)
    keys = plain_keys(request, choice) if not column.name and reads_in_public(request) else None
    if keys is None:
        keys = list(page_keys(narrowed(drawn(), choice, vocabulary, request.reader), choice, request.reader))
    page = page_of(keys, choice, request.reader, partial(lines_named, request))
    pinned = pinned_rows(request, **column.fixed) if column.takes_pins and choice == Choice(**column.fixed) else []
    context = {
        "column": column,
        "here": column.heading,
        "crumbs": column.crumbs,
        "rows": [*pinned, *without(rows_of(request, page.rows), pinned)],
        "facets": facets,
        "pager": pager(choice, facets, page),
        **column.extra,
    }
    response = render(request, "disclosures/list.html", context)
    scopes = scopes_of_column(column, vocabulary)
    return resting_on(response, *scopes) if scopes else response


def plain_keys(request: BoardRequest, choice: Choice) -> list[int] | None:
    """Keys of a page of everything or of a category, for the public: nearly all pages asked for; None for others."""
    place = choice.after or choice.before
    if choice != Choice(category=choice.category, after=choice.after, before=choice.before):
        return None
    values: dict[str, Any] = {"category": choice.category.pk} if choice.category else {}
    if place:
        values |= {"since": place.since, "uid": place.uid}
    side = "after" if choice.after else "before" if choice.before else ""
    return _plain_pages[bool(choice.category), side](at=request.at, **values)


def _plain_page(has_category: bool, side: str) -> Prepared[int]:
    """The question for the keys of a page with or without a category, on one `side` of a place or at the top."""

    def build(at: Any, category: Any = None, since: Any = None, uid: Any = None) -> QuerySet[Release, int]:
        rows = open_to(PUBLIC, at)
        place = Key(since, uid)
        choice = Choice(after=place if side == "after" else None, before=place if side == "before" else None)
        return page_keys(rows.filter(category_id=category) if has_category else rows, choice, PUBLIC)

    fields: dict[str, Field[Any, Any]] = {"at": DateTimeField()}
    if has_category:
        fields["category"] = BigIntegerField()
    if side:
        fields |= {"since": DateTimeField(), "uid": UUIDField()}
    return Prepared(build, **fields)


_plain_pages = {
    (has_category, side): _plain_page(has_category, side)
    for has_category in (False, True)
    for side in ("", "after", "before")
}


def facets_of(
    request: BoardRequest,
    column: Column,
    drawn: Callable[[], ReleaseQuerySet],
    choice: Choice,
    vocabulary: Vocabulary,
) -> Facets:
    """The filters beside a list; the pages of one list share them, and lists of one frame the count beneath."""
    name = (column.name, *column.fixed.items())
    frame = (choice.month, choice.until, choice.form, choice.attachments, *choice.words)
    asked = replace(choice, after=None, before=None)

    def cells() -> list[Cell]:
        if not column.name and not any(frame):
            return counts(request).cells  # what is fixed stands in `asked` too
        return tally(framed(drawn(), choice, request.reader), request.reader)

    def facets() -> Facets:
        numbers = numbers_of(remembered(request, ("cells", name, frame), cells), asked, vocabulary)
        return Facets(numbers, asked, vocabulary, request.path, column.fixed)

    return remembered(request, ("facets", name, asked, request.path), facets)


def scopes_of_column(column: Column, vocabulary: Vocabulary) -> list[str]:
    """On which releases the page of a category or a unit rests; nothing for lists of everything."""
    if "category" in column.fixed:
        return [content_scopes.category(column.fixed["category"].pk)]
    if "unit" in column.fixed:
        return [content_scopes.unit(pk) for pk in vocabulary.subtree(column.fixed["unit"])]
    return []


def pager(choice: Choice, facets: Facets, page: Page[Line]) -> dict[str, str]:
    """Addresses of the pages around this one, and in words where it stands."""
    is_first = choice.after is None and choice.before is None
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
    """One of the eight categories; empty, it leads to what the catalogue demands."""
    chosen = next((row for row in words_of_filters(request).categories if row.slug == slug), None)
    if chosen is None:
        raise Http404
    column = Column(
        chosen.label,
        chosen.text,
        kind=_("Category"),
        fixed={"category": chosen},
        crumbs=({"label": _("Disclosed items"), "url": reverse("disclosures:items")},),
        feed_url=reverse("disclosures:feed_category", args=[slug]),
        feed_name=chosen.label,
        takes_pins=True,
        extra={"next_text": partial(next_of, request, chosen)},  # asked by the template of an empty list
    )
    return show(request, column)
