"""How a page asks: the request with its reader and instant, and the two refusals a reader can meet."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from disclosures.models import Release
from disclosures.public_notices import Closed, in_words, why_closed
from disclosures.visibility import Answer, Reader, ReleaseQuerySet, answer, since_field


class BoardRequest(HttpRequest):
    """A request as `ReaderMiddleware` leaves it."""

    at: datetime
    reader: Reader


def visible(request: BoardRequest) -> ReleaseQuerySet:
    """What this reader may read at this instant.

    A first opening is never later than the opening that is visible. Said so, an index by first openings begins at the
    instant instead of with everything that is planned.
    """
    begun = {f"{since_field(request.reader)}__lte": request.at}
    return Release.objects.visible_to(request.reader, request.at).filter(**begun)


class Gone(Exception):
    """The item was open to such a reader and is closed now; `closed` says why."""

    def __init__(self, closed: Closed | None = None) -> None:
        super().__init__()
        self.closed = closed


def open_release(request: BoardRequest, number: str, rows: ReleaseQuerySet | None = None) -> Release:
    """The release of item `number` this reader may read; raises Gone or Http404, after the same two queries.

    `rows` are releases with the columns that the page needs, all of them if left out.
    """
    releases = (Release.objects.all() if rows is None else rows).filter(item__number=number)
    said, release = answer(releases, request.reader, request.at)
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
