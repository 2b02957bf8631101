"""What a feed is about: everything, a category, a unit with those below it, or what a search finds."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from disclosures.facets import Facets, numbers_of
from disclosures.listing import Choice, Vocabulary, parse
from disclosures.models import Category, Release
from disclosures.search.asking import understood
from disclosures.search.documents import place_above
from disclosures.search.finding import Asked, narrow
from disclosures.search.window import chosen
from disclosures.visibility import PUBLIC, ReleaseQuerySet
from organizations.models import Unit
from organizations.tree import subtree

NO_PAGING = {"after": None, "before": None}


@dataclass(frozen=True)
class Subject:
    """Its words, the page behind it, the address of its feed, and the public releases it draws from.

    `opened` holds what was ever open to the public, so that a feed also knows when something left it.
    """

    label: str
    page: str
    name: str
    args: tuple[str, ...]
    query: str
    releases: ReleaseQuerySet
    opened: ReleaseQuerySet

    def path(self, kind: str) -> str:
        """Rooted address of the feed in one of the three formats."""
        atom = kind == "atom"
        address = reverse(
            f"disclosures:{self.name}{'' if atom else '_as'}", args=[*self.args, *([] if atom else [kind])]
        )
        return f"{address}?{self.query}" if self.query else address


def everything(at: datetime) -> Subject:
    """Everything that is public at `at`."""
    return Subject("", reverse("disclosures:board"), "feed", (), "", _public(at), _opened(at))


def of_category(slug: str, at: datetime) -> Subject:
    """One of the eight categories (S48–S55); raises Http404."""
    category = get_object_or_404(Category, slug=slug)
    return Subject(
        category.label,
        category.get_absolute_url(),
        "feed_category",
        (slug,),
        "",
        _public(at).filter(category=category),
        _opened(at).filter(category=category),
    )


def of_unit(code: str, at: datetime) -> Subject:
    """A unit and the units below it; raises Http404."""
    unit = get_object_or_404(Unit, code=code)
    below = subtree(unit.pk)
    return Subject(
        unit.label,
        unit.get_absolute_url(),
        "feed_unit",
        (code,),
        "",
        _public(at).filter(unit_id__in=below),
        _opened(at).filter(unit_id__in=below),
    )


def of_search(params: QueryDict, at: datetime) -> Subject:
    """What the words and filters of a search find; without any, everything. Raises BadParameter and Http404."""
    vocabulary = Vocabulary.load(_public(at))
    choice = parse(params, vocabulary, NO_PAGING)
    page = reverse("disclosures:search" if choice.words else "disclosures:items")
    facets = Facets(numbers_of([], choice, vocabulary), choice, vocabulary, page, NO_PAGING)
    asked = understood(choice.words, _public(at), below=place_above(at)) if choice.words else None
    said = [choice.q, *(chip["label"] for chip in facets.chips)]
    return Subject(
        " · ".join(filter(None, said)),
        facets.address(),
        "feed_search",
        (),
        urlencode(choice.params()),
        _found(_public(at), choice, vocabulary, asked),
        _found(_opened(at), choice, vocabulary, asked),
    )


def _found(rows: ReleaseQuerySet, choice: Choice, vocabulary: Vocabulary, asked: Asked | None) -> ReleaseQuerySet:
    """What the filters leave of `rows`, and the reading of the words finds, as on the page of the search."""
    left = chosen(rows, choice, vocabulary, PUBLIC)
    return narrow(left, asked) if asked else left


def _public(at: datetime) -> ReleaseQuerySet:
    """Open to the public; for members too: feed readers keep what they fetch."""
    return Release.objects.visible_to(PUBLIC, at)


def _opened(at: datetime) -> ReleaseQuerySet:
    return Release.objects.opened_to(PUBLIC, at)
