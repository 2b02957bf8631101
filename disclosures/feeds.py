"""Atom feeds of what is open to the public, whoever asks (P5)."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from disclosures.listing import EPOCH
from disclosures.models import Category, Release
from disclosures.richtext import clean_line
from disclosures.visibility import PUBLIC, ReleaseQuerySet
from organizations.models import Unit
from organizations.tree import subtree

ENTRIES = 30
SUMMARY = 200  # characters


@dataclass(frozen=True)
class Subject:
    """What a feed is about: its name, the page behind it, and the public releases it draws from."""

    label: str
    url: str
    releases: ReleaseQuerySet


class Atom(Atom1Feed):
    """Atom whose empty feeds carry a lasting date, so that asking twice gets the same answer."""

    def latest_post_date(self) -> datetime:
        """The last change of any entry."""
        return super().latest_post_date() if self.items else EPOCH


class Everything(Feed):
    """The newest public items of the whole portal."""

    feed_type = Atom

    def get_object(self, request: HttpRequest, **parts: str) -> Subject:
        """Everything that is public at the instant of the request."""
        return Subject("", reverse("disclosures:board"), self.public(request))

    def public(self, request: HttpRequest) -> ReleaseQuerySet:
        """Releases open to the public, for members too: feed readers keep what they fetch."""
        return Release.objects.visible_to(PUBLIC, request.at)  # type: ignore[attr-defined]

    def title(self, obj: Subject) -> str:
        """Name of the feed."""
        return " · ".join(filter(None, (_("Party-affairs disclosure"), obj.label)))

    def link(self, obj: Subject) -> str:
        """The page behind the feed."""
        return obj.url

    def items(self, obj: Subject) -> list[Release]:
        """The newest entries."""
        entries = obj.releases.for_reading().defer("revision__body")
        return list(entries.newest_first(PUBLIC)[:ENTRIES])

    def item_title(self, item: Release) -> str:
        """Title of the item."""
        return clean_line(item.revision.title)

    def item_description(self, item: Release) -> str:
        """The beginning of the text, escaped: readers of feeds take it for HTML."""
        text = clean_line(" ".join(item.revision.body_text[: SUMMARY * 2].split()))
        return escape(text if len(text) <= SUMMARY else f"{text[:SUMMARY]}…")

    def item_guid(self, item: Release) -> str:
        """The item's lasting id; a correction keeps it."""
        return item.item.uid.urn

    def item_author_name(self, item: Release) -> str:
        """The disclosing unit, never a person."""
        return item.unit.label

    def item_categories(self, item: Release) -> tuple[str]:
        """The category of content."""
        return (item.category.label,)

    def item_pubdate(self, item: Release) -> datetime | None:
        """First opened to the public."""
        return item.public_since

    def item_updateddate(self, item: Release) -> datetime | None:
        """When the present text opened to the public."""
        return item.public_from


class OfCategory(Everything):
    """The newest public items of a category."""

    def get_object(self, request: HttpRequest, **parts: str) -> Subject:
        """The category of the address."""
        category = get_object_or_404(Category, slug=parts["slug"])
        return Subject(category.label, category.get_absolute_url(), self.public(request).filter(category=category))


class OfUnit(Everything):
    """The newest public items of a unit and the units below it."""

    def get_object(self, request: HttpRequest, **parts: str) -> Subject:
        """The unit of the address."""
        unit = get_object_or_404(Unit, code=parts["code"])
        within = self.public(request).filter(unit_id__in=subtree(unit.pk))
        return Subject(unit.label, unit.get_absolute_url(), within)
