"""The map of the site for search engines: public pages only, whoever asks."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from disclosures.models import Category, Release
from disclosures.visibility import PUBLIC
from organizations.models import Unit

STANDING = "board items focus units catalogue leading_group statistics about site_map feeds".split()
ITEMS = 49_000  # a sitemap may name 50,000 pages

Place = tuple[str, datetime | None]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Absolute addresses with the instant of the last change where it is known."""
    places = [*standing_pages(), *item_pages(request.at)]  # type: ignore[attr-defined]
    rows = [{"url": request.build_absolute_uri(path), "changed": changed} for path, changed in places]
    return render(request, "disclosures/sitemap.xml", {"rows": rows}, content_type="application/xml")


def standing_pages() -> Iterator[Place]:
    """Pages that exist whatever is disclosed."""
    for name in STANDING:
        yield reverse(f"disclosures:{name}"), None
    for slug in Category.objects.values_list("slug", flat=True):
        yield reverse("disclosures:category", args=[slug]), None
    for code in Unit.objects.filter(discloses=True).values_list("code", flat=True):
        yield reverse("disclosures:unit", args=[code]), None


def item_pages(at: datetime) -> Iterator[Place]:
    """Items open to the public at `at`, newest first."""
    public = Release.objects.visible_to(PUBLIC, at).newest_first(PUBLIC)
    for number, changed in public.values_list("item__number", "public_from")[:ITEMS]:
        yield reverse("disclosures:item", args=[number]), changed
