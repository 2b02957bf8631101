"""The search: newest first or by relevance, numbers beside filters, and help where nothing is found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import BigIntegerField, DateTimeField, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.facets import Facets, numbers_of
from disclosures.listing import BadParameter, Choice, Vocabulary, parse
from disclosures.models import Release, RevisionAttachment
from disclosures.prepared import Prepared
from disclosures.remembered import remembered
from disclosures.search import hints, index, spelling
from disclosures.search.asking import understood
from disclosures.search.documents import place_above, texts_of
from disclosures.search.finding import Asked
from disclosures.search.window import Found, HitPage, Place, chosen, found_among, page_of, unnarrowed
from disclosures.snippets import has_any, highlighted, snippet
from disclosures.views.asking import BoardRequest, open_to, reads_in_public, visible
from disclosures.views.rows import MOST_LINES, Line, Row, lines, row_of
from disclosures.views.vocabulary import words_of_filters
from disclosures.visibility import PUBLIC, Reader, ReleaseQuerySet

RELEVANCE = "relevance"
COUNTED = ("category", "unit", "year")
TITLES = 6  # titles offered while typing


@dataclass(frozen=True)
class SearchChoice(Choice):
    """What was asked of the search: a list's choice, and its order."""

    order: str = ""


@require_safe
def search(request: BoardRequest) -> HttpResponse:
    """Find items by words of title, number, text or attachments: every word must occur."""
    vocabulary = words_of_filters(request)
    context: dict[str, Any]
    try:
        choice = read_choice(request, vocabulary)
    except BadParameter as refused:
        if not refused.sentence:
            raise
        kept = request.GET["q"][:200]
        context = {"problem": refused.sentence, "q": kept, "searches_here": True}
        return render(request, "disclosures/search.html", context, status=400)
    context = {"q": choice.q, "here": _("Search"), "words": choice.words, "searches_here": True}
    if choice.words:
        context |= found_context(request, choice, vocabulary)
    return render(request, "disclosures/search.html", context)


def read_choice(request: BoardRequest, vocabulary: Vocabulary) -> SearchChoice:
    """The filters of the address with `order`; a search is paged downwards only. Raises as `listing.parse`."""
    orders = request.GET.getlist("order")
    if orders not in ([], [""], [RELEVANCE]):
        raise BadParameter("order")
    if request.GET.get("before"):
        raise BadParameter("before")
    return SearchChoice(**vars(parse(request.GET, vocabulary)), order="".join(orders))


def found_context(request: BoardRequest, choice: SearchChoice, vocabulary: Vocabulary) -> dict[str, Any]:
    """Everything the page says of what was found, or of what might be."""
    asked = what_is_asked(request, choice.words)
    by_relevance = choice.order == RELEVANCE and not asked.initials
    found = recalled(request, asked, choice, vocabulary, by_relevance=by_relevance)

    @cache
    def rows() -> ReleaseQuerySet:
        return chosen(visible(request), choice, vocabulary, request.reader)

    page = page_of(found, rows, asked, choice.after, by_relevance=by_relevance)
    bare = unnarrowed(choice)
    whole = found if bare == replace(choice, after=None) else recalled(request, asked, bare, vocabulary)
    numbers = numbers_of(whole.cells, choice, vocabulary)
    facets = Facets(numbers, choice, vocabulary, reverse("disclosures:search"))
    offered = list(found.pks[:TITLES])
    hits = hits_named(request, {*page.pks, *offered, *(place.pk for place in (page.newer,) if place)})
    marked = list(asked.words) or choice.words
    shown = rows_of_hits(request, [hits[pk] for pk in page.pks if pk in hits], marked)
    titles = [hits[pk].line.title for pk in offered if pk in hits]
    context = {
        "rows": shown,
        "facets": facets,
        "groups": [group for group in facets.some(COUNTED) if group.values],
        "pager": pager(facets, page, hits),
        "count": found.count,
        "is_capped": found.is_capped,
        "initials": asked.initials,
        "orders": orders(choice, facets) if not asked.initials else [],
        "duties": duties(request, choice.words),
        "suggestions": list(dict.fromkeys(titles)),
    }
    return context if shown else context | help_context(request, choice, vocabulary)


def recalled(
    request: BoardRequest, asked: Asked, choice: Choice, vocabulary: Vocabulary, *, by_relevance: bool = False
) -> Found:
    """What the words find among what `choice` leaves, from memory where the public asked it before."""

    def compute() -> Found:
        rows = chosen(visible(request), choice, vocabulary, request.reader)
        return found_among(rows, asked, request.reader, below=beginning(request), by_relevance=by_relevance)

    filters = tuple(choice.params({"q", "order"}).items())
    return remembered(request, ("found", asked, by_relevance, filters), compute)


def beginning(request: BoardRequest) -> int:
    """Where a search for this reader begins: for the public below everything that is still to open."""
    return index.TOP if request.reader.reads_internal else place_above(request.at)


def what_is_asked(request: BoardRequest, words: list[str]) -> Asked:
    """The reading of the words that finds something among what this reader may see."""
    is_public = not request.reader.reads_internal
    return understood(words, visible(request), below=beginning(request), is_public=is_public)


class Hit(NamedTuple):
    """A line with what its snippet is cut from."""

    line: Line
    revision: int
    text: str


def _hits(reader: Reader, at: datetime, pks: Collection[int]) -> QuerySet[Release, Any]:
    return lines(open_to(reader, at).filter(pk__in=pks).order_by(), "revision_id", "revision__body_text")


_hits_of_public = Prepared(partial(_hits, PUBLIC), at=DateTimeField(), pks=(BigIntegerField(), MOST_LINES))


def hits_named(request: BoardRequest, pks: Collection[int]) -> dict[int, Hit]:
    """The hits with these keys as the results show them, of what this reader may read; `MOST_LINES` at most."""
    ask = _hits_of_public if reads_in_public(request) else partial(_hits, request.reader)
    return {row[0]: Hit(Line(*row[:-2]), *row[-2:]) for row in (ask(at=request.at, pks=pks) if pks else ())}


def rows_of_hits(request: BoardRequest, hits: list[Hit], words: list[str]) -> list[Row]:
    """Rows with the words marked in title and text, in the text of an attachment where they stand in neither."""
    texts = texts_of_attachments([hit for hit in hits if hit.line.files], words)
    return [found_row(request, hit, words, **texts.get(hit.revision, {})) for hit in hits]


def found_row(request: BoardRequest, hit: Hit, words: list[str], **changed: Any) -> Row:
    """The row of a search result: words marked in the title and in a piece of the text."""
    title, why = highlighted(hit.line.title, words), snippet(hit.text, words)
    return row_of(request, hit.line, **{"title": title, "why": why, **changed})


def texts_of_attachments(hits: list[Hit], words: list[str]) -> dict[int, dict[str, Any]]:
    """By revision, the piece of an attachment with the words, where title and text have none of them."""
    wanted = [hit.revision for hit in hits if not (has_any(hit.line.title, words) or has_any(hit.text, words))]
    found: dict[int, dict[str, Any]] = {}
    files = RevisionAttachment.objects.filter(revision_id__in=wanted, is_published=True)
    for row in files.select_related("file__text").order_by("order", "uid") if wanted else ():
        text = " ".join(texts_of(row.file))
        if row.revision_id not in found and has_any(text, words):
            found[row.revision_id] = {"why": snippet(text, words), "source": row.title}
    return found


def pager(facets: Facets, page: HitPage, hits: Mapping[int, Hit]) -> dict[str, str]:
    """Addresses of the pages around this one."""

    def after(place: Place | None) -> str:
        known = place and hits.get(place.pk)
        return facets.address(after=place.key(known.line.uid)) if place and known else ""

    first = facets.address()
    return {
        "newer_url": after(page.newer) if page.newer else first if page.has_newer else "",
        "older_url": after(page.older),
        "first_url": "" if facets.choice.after is None else first,
    }


def orders(choice: SearchChoice, facets: Facets) -> list[dict[str, Any]]:
    """The two orders, the present one without an address."""
    plain = choice.params({"order"})
    ways = [("", _("Newest first")), (RELEVANCE, _("By relevance"))]
    return [
        {
            "label": label,
            "url": ""
            if choice.order == order
            else f"{facets.path}?{urlencode(plain | ({'order': order} if order else {}))}",
        }
        for order, label in ways
    ]


def duties(request: BoardRequest, words: list[str]) -> list[dict[str, str]]:
    """Entries of the catalogue that the words touch, with their addresses."""
    base = reverse("disclosures:catalogue")
    known = remembered(request, "duties", hints.duties)
    return [{"title": duty.title, "url": f"{base}#{duty.code}"} for duty in hints.duties_for(words, known)]


def help_context(request: BoardRequest, choice: SearchChoice, vocabulary: Vocabulary) -> dict[str, Any]:
    """For a page on which nothing was found: other spellings and shorter queries that do find something."""

    def compute() -> tuple[list[str], list[str]]:
        rows, is_public = visible(request), not request.reader.reads_internal
        among: dict[str, Any] = {"rows": rows, "below": beginning(request), "is_public": is_public}
        known = spelling.vocabulary_of(tuple(hints.public_words(vocabulary)))
        better = spelling.corrections(choice.words, [*spelling.in_titles(choice.words, **among), *known])
        less = hints.shorter(choice.words)
        return hints.finding(better, **among), hints.finding(less, **among)

    better, less = remembered(request, ("help", get_language(), *choice.words), compute)  # categories have two names
    return {
        "better": [link_to(q) for q in better],
        "shorter": [link_to(q) for q in less if q not in better],
        "without_filters": link_to(choice.q)["url"] if len(choice.params({"order"})) > 1 else "",
    }


def link_to(q: str) -> dict[str, str]:
    """A query and where it leads."""
    return {"label": q, "url": f"{reverse('disclosures:search')}?{urlencode({'q': q})}"}
