"""Scopes of the content version: which part of the public pages a change touches, and on which parts a page rests."""

from typing import TypeVar

from django.http import HttpResponseBase

ALL = "all"  # every change
BASE = "base"  # what every page may show: names of units and categories, the catalogue, masked texts
ANSWERS = "answers"  # published answers
MATTER_BUCKETS = 64  # matters share scopes, so that these stay few

Response = TypeVar("Response", bound=HttpResponseBase)


def category(key: int) -> str:
    """Releases of a category."""
    return f"category:{key}"


def unit(key: int) -> str:
    """Releases of a unit."""
    return f"unit:{key}"


def year(key: int) -> str:
    """Releases first opened to the public in a year of UTC; no page rests on it, numbers do (`disclosures.counts`)."""
    return f"year:{key}"


def matter(key: int) -> str:
    """Releases that follow a matter, with those of the matters that share its scope."""
    return f"matter:{key % MATTER_BUCKETS}"


def resting_on(response: Response, *scopes: str) -> Response:
    """Tell the page copy that nothing outside `scopes` and the base shows on this page.

    A page that does not say so rests on everything. `tests/disclosures/test_content_scopes.py` holds the pages that do
    against changes elsewhere.
    """
    response.rests_on = frozenset((*scopes, BASE))  # type: ignore[attr-defined]
    return response


def scopes_of(response: HttpResponseBase) -> frozenset[str]:
    """The scopes a page rests on."""
    return getattr(response, "rests_on", frozenset((ALL,)))
