"""How a page asks: the request with its reader and instant, and the two refusals a reader can meet."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from disclosures.models import Release
from disclosures.public_notices import Closed, in_words, why_closed
from disclosures.visibility import PUBLIC, Answer, Reader, ReleaseQuerySet, answer, since_field


class BoardRequest(HttpRequest):
    """A request as `ReaderMiddleware` leaves it."""

    at: datetime
    reader: Reader


def visible(request: BoardRequest) -> ReleaseQuerySet:
    """What this reader may read at this instant."""
    return open_to(request.reader, request.at)


def open_to(reader: Reader, at: datetime) -> ReleaseQuerySet:
    """What `reader` may read at `at`.

    A first opening is never later than the opening that is visible. Said so, an index by first openings begins at the
    instant instead of with everything that is planned.
    """
    return Release.objects.visible_to(reader, at).filter(**{f"{since_field(reader)}__lte": at})


def reads_in_public(request: BoardRequest) -> bool:
    """Whether the reader is one of the public, for whom the questions of the pages stand ready (`prepared`)."""
    return request.reader == PUBLIC


class Gone(Exception):
    """The item was open to such a reader and is closed now; `closed` says why."""

    def __init__(self, closed: Closed | None = None) -> None:
        super().__init__()
        self.closed = closed


def open_release(request: BoardRequest, number: str, found: list[Release] | None = None) -> Release:
    """The release of item `number` this reader may read; raises Gone or Http404, after the same two queries.

    `found` is what `visibility.newest_visible` answered, where a page asked with the columns that it needs.
    """
    releases = Release.objects.filter(item__number=number)
    said, release = answer(releases, request.reader, request.at, found)
    if said is Answer.GONE:
        raise Gone(why_closed(releases, request.reader, request.at))
    if release is None:
        raise Http404
    return release


def gone_page(request: HttpRequest, gone: Gone | None = None) -> HttpResponse:
    """410: says that it is closed and why; no title, text, names or files."""
    closed = gone.closed if gone else None
    told = {"reason": closed.reason.value, "period": closed.notice and in_words(closed.notice)} if closed else None
    return render(request, "errors/410.html", {"closed": told}, status=410)
