"""Feeds and the page that lists them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.feeds import subjects
from disclosures.feeds.entries import last_change, newest
from disclosures.feeds.formats import Feed, write
from disclosures.feeds.subjects import Subject
from disclosures.models import Category
from disclosures.validators import revalidated
from disclosures.views.asking import BoardRequest
from organizations.models import Unit


@require_safe
def everything(request: BoardRequest, kind: str = "atom") -> HttpResponse:
    """The newest public items of the whole portal."""
    return answer(request, subjects.everything(request.at), kind)


@require_safe
def of_category(request: BoardRequest, slug: str, kind: str = "atom") -> HttpResponse:
    """The newest public items of a category."""
    return answer(request, subjects.of_category(slug, request.at), kind)


@require_safe
def of_unit(request: BoardRequest, code: str, kind: str = "atom") -> HttpResponse:
    """The newest public items of a unit and the units below it."""
    return answer(request, subjects.of_unit(code, request.at), kind)


@require_safe
def of_search(request: BoardRequest, kind: str = "atom") -> HttpResponse:
    """The newest public items that a search finds."""
    return answer(request, subjects.of_search(request.GET, request.at), kind)


def answer(request: BoardRequest, subject: Subject, kind: str) -> HttpResponse:
    """The feed in the format asked for, or 304 where the reader has it already."""
    entries = newest(subject)
    feed = Feed(
        title=" · ".join(filter(None, (_("Party-affairs disclosure"), subject.label))),
        lead=_("Newly disclosed items, newest first."),
        page=subject.page,
        itself=subject.path(kind),
        updated=last_change(subject, entries, request.at),
        entries=entries,
        absolute=request.build_absolute_uri,
    )
    document, content_type = write(feed, kind)
    return revalidated(request, HttpResponse(document, content_type=content_type))


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """The list of feeds, each in its three formats."""
    parts = [
        (_("By category"), "feed_category", [(row.label, row.slug) for row in Category.objects.all()]),
        (_("By unit"), "feed_unit", [(row.label, row.code) for row in Unit.objects.filter(discloses=True)]),
    ]
    context = {
        "here": _("Feeds"),
        "all_ways": ways("feed"),
        "parts": [
            {"label": label, "rows": [{"label": said, "ways": ways(name, key)} for said, key in rows]}
            for label, name, rows in parts
        ],
    }
    return render(request, "disclosures/feeds.html", context)


def ways(name: str, *args: str) -> list[dict[str, str]]:
    """The addresses of one feed by format."""
    return [
        {"label": "Atom", "url": reverse(f"disclosures:{name}", args=args)},
        {"label": "RSS", "url": reverse(f"disclosures:{name}_as", args=[*args, "rss"])},
        {"label": "JSON", "url": reverse(f"disclosures:{name}_as", args=[*args, "json"])},
    ]
