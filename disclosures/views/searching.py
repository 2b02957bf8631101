"""The search: newest first or by relevance, numbers beside filters, and help where nothing is found."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.facets import Facets, numbers_of
from disclosures.listing import BadParameter, Choice, Vocabulary, parse
from disclosures.models import Release
from disclosures.search import hints
from disclosures.search.documents import texts_of
from disclosures.search.finding import Asked, find
from disclosures.search.pinyin import may_be_initials
from disclosures.search.window import HitPage, Window, in_order, whole_window, window_of
from disclosures.snippets import has_any, snippet
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.rows import Row, found_row, with_files
from disclosures.views.vocabulary import words_of_filters

RELEVANCE = "relevance"
TITLES = 6  # titles offered while typing


@dataclass(frozen=True)
class SearchChoice(Choice):
    """What was asked of the search: a list's choice, and its order."""

    order: str = ""


@require_safe
def search(request: BoardRequest) -> HttpResponse:
    """Find items by words of title, number, text or attachments: every word must occur."""
    vocabulary = words_of_filters(request)
    try:
        choice = read_choice(request, vocabulary)
    except BadParameter as refused:
        if not refused.sentence:
            raise
        kept = request.GET["q"][:200]
        return render(request, "disclosures/search.html", {"problem": refused.sentence, "q": kept}, status=400)
    context: dict[str, Any] = {"q": choice.q, "here": _("Search"), "words": choice.words}
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
    rows, reader = visible(request), request.reader
    by_relevance = choice.order == RELEVANCE and not asked.initials
    window = window_of(rows, asked, choice, vocabulary, reader, by_relevance=by_relevance)
    page = window.page(choice.after)
    cells = whole_window(window, rows, choice, vocabulary, reader).cells()
    facets = Facets(numbers_of(cells, choice, vocabulary), choice, vocabulary, reverse("disclosures:search"))
    shown = rows_of_page(request, page, choice.words)
    context = {
        "rows": shown,
        "facets": facets,
        "groups": [group for group in facets.groups[:3] if group.values],
        "pager": pager(facets, page),
        "count": window.count,
        "is_capped": window.is_capped,
        "initials": asked.initials,
        "orders": orders(choice, facets) if not asked.initials else [],
        "duties": duties(choice.words),
        "suggestions": list(dict.fromkeys(release.revision.title for release in shown_titles(request, window))),
    }
    return context if shown else context | help_context(request, choice, vocabulary)


def what_is_asked(request: BoardRequest, words: list[str]) -> Asked:
    """The words; or initials of titles, where a few letters stand in no text this reader may see."""
    is_public = not request.reader.reads_internal
    asked = Asked(tuple(words), is_public=is_public)
    if may_be_initials(words) and not find(visible(request), asked, 1):
        return Asked(initials=words[0], is_public=is_public)
    return asked


def rows_of_page(request: BoardRequest, page: HitPage, words: list[str]) -> list[Row]:
    """Rows with the words marked in title and text, in the text of an attachment where they stand in neither."""
    releases = with_files(visible(request).for_reading()).defer("revision__body")
    return [row_of_hit(request, release, words) for release in in_order(releases, page.pks)]


def row_of_hit(request: BoardRequest, release: Release, words: list[str]) -> Row:
    """One row of the results."""
    revision = release.revision
    if has_any(revision.title, words) or has_any(revision.body_text, words) or not getattr(release, "file_count", 0):
        return found_row(request, release, words)
    for file in revision.attachments.filter(is_published=True).select_related("file__text"):
        text = " ".join(texts_of(file.file))
        if has_any(text, words):
            return found_row(request, release, words, why=snippet(text, words), source=file.title)
    return found_row(request, release, words)


def pager(facets: Facets, page: HitPage) -> dict[str, str]:
    """Addresses of the pages around this one."""
    first = facets.address()
    newer = facets.address(after=page.newer) if page.newer else first if page.has_newer else ""
    is_first = facets.choice.after is None
    return {
        "newer_url": newer,
        "older_url": facets.address(after=page.older) if page.older else "",
        "first_url": "" if is_first else first,
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


def duties(words: list[str]) -> list[dict[str, str]]:
    """Entries of the catalogue that the words touch, with their addresses."""
    base = reverse("disclosures:catalogue")
    return [{"title": duty.title, "url": f"{base}#{duty.code}"} for duty in hints.duties_for(words)]


def shown_titles(request: BoardRequest, window: Window) -> list[Release]:
    """The newest hits whose titles are offered in the search field."""
    pks = [hit.pk for hit in window.hits[:TITLES]]
    return in_order(visible(request).select_related("revision").only("revision__title"), pks)


def help_context(request: BoardRequest, choice: SearchChoice, vocabulary: Vocabulary) -> dict[str, Any]:
    """For a page on which nothing was found: other spellings and shorter queries that do find something."""
    rows, is_public = visible(request), not request.reader.reads_internal
    words = choice.words
    better = hints.finding(hints.corrections(words, hints.public_words(vocabulary)), rows, is_public=is_public)
    less = hints.finding(hints.shorter(words), rows, is_public=is_public)
    return {
        "better": [link_to(q) for q in better],
        "shorter": [link_to(q) for q in less if q not in better],
        "without_filters": link_to(choice.q)["url"] if len(choice.params({"order"})) > 1 else "",
    }


def link_to(q: str) -> dict[str, str]:
    """A query and where it leads."""
    return {"label": q, "url": f"{reverse('disclosures:search')}?{urlencode({'q': q})}"}
