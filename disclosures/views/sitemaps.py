"""The map of the site for search engines, and what they should leave alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from disclosures import sitemaps
from disclosures.sitemaps import Span
from disclosures.validators import revalidated
from disclosures.views.asking import BoardRequest
from disclosures.views.open_data import years_open

View = Callable[..., HttpResponse]
PRIVATE = "admin/ accounts/ feedback/new/ feedback/track/ internal/ display/ search/? feeds/search/ verify/".split()


def without_query(view: View) -> View:
    """Lead to the bare address, which is copied: a map takes no parameters, and each further one would be made anew."""

    @wraps(view)
    def asked(request: BoardRequest, **named: Any) -> HttpResponse:
        if request.META.get("QUERY_STRING"):
            return HttpResponsePermanentRedirect(request.path)
        return view(request, **named)

    return asked


@require_safe
@without_query
def index(request: BoardRequest) -> HttpResponse:
    """The parts of the map, with their last changes."""
    return _xml(request, sitemaps.index(sitemaps.parts(request.at), request.build_absolute_uri))


@require_safe
@without_query
def pages(request: BoardRequest) -> HttpResponse:
    """Pages that exist whatever is disclosed."""
    return _xml(request, sitemaps.pages_map(request.build_absolute_uri, years_open(request)))


@require_safe
@without_query
def part(request: BoardRequest, span: Span) -> HttpResponse:
    """Public items whose present text opened in a month or on a day; one without any is missing."""
    rows = sitemaps.item_rows(span, request.at)
    if not rows:
        raise Http404
    return _xml(request, sitemaps.items_map(rows, request.build_absolute_uri))


def _xml(request: HttpRequest, document: str) -> HttpResponse:
    return revalidated(request, HttpResponse(document, content_type="application/xml; charset=utf-8"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone; no secret stands behind it, every page asks visibility itself."""
    roots = []
    for language in ("zh-hans", "en"):
        with override(language):
            roots.append(reverse("disclosures:board"))
    private = [f"{root}{path}" for root in roots for path in PRIVATE]
    with override("zh-hans"):
        sitemap = request.build_absolute_uri(reverse("disclosures:sitemap"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private), "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
