"""Open data: the page that explains it, the yearly files, their schema, and the data of one item."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.facets import year_words
from disclosures.models import Release
from disclosures.open_data.fields import FIELDS, OF_ONE, Field, schema
from disclosures.open_data.files import WRITERS, batches, during
from disclosures.open_data.records import Addresses, complete, local, record
from disclosures.remembered import state_of
from disclosures.validators import revalidated, tagged
from disclosures.views.asking import BoardRequest, Gone, open_release
from disclosures.visibility import PUBLIC, ReleaseQuerySet

PLAIN_JSON = {"ensure_ascii": False}


@require_safe
def open_data(request: BoardRequest) -> HttpResponse:
    """What there is to fetch, in which form and on which terms."""
    english = get_language() == "en"
    context = {
        "here": _("Open data"),
        "years": [{"label": year_words(year), "ways": ways(year)} for year in years_open(request)],
        "fields": FIELDS,
        "schema_url": reverse("disclosures:open_data_schema"),
        "item_schema_url": reverse("disclosures:item_schema"),
        "terms": settings.PORTAL_OPEN_DATA_TERMS_EN if english else settings.PORTAL_OPEN_DATA_TERMS,
    }
    return render(request, "disclosures/open_data.html", context)


def ways(year: int) -> list[dict[str, str]]:
    """The files of a year."""
    labels = {"csv": "CSV", "jsonl": "JSON Lines"}
    return [
        {
            "label": labels[kind],
            "url": reverse("disclosures:open_data_file", args=[year, kind]),
            "media_type": content_type.partition(";")[0],
        }
        for kind, (_write, content_type) in WRITERS.items()
    ]


def years_open(request: BoardRequest) -> list[int]:
    """Years in which something that is public now was first disclosed, newest first; three queries at any size."""
    public = Release.objects.visible_to(PUBLIC, request.at)
    newest = public.newest_first(PUBLIC).values_list("pk", "public_since").first()
    if newest is None:
        return []
    oldest = public.order_by("public_since", "id").values_list("public_since", flat=True)[0]
    first, last = timezone.localtime(oldest).year, timezone.localtime(newest[1]).year
    return _with_items(public, range(last, first - 1, -1), newest[0])


def _with_items(public: ReleaseQuerySet, years: range, one: int) -> list[int]:
    """Those of `years` that hold an item, asked in one row: a look into an index for each."""
    asked = {f"in_{year}": Exists(public.filter(**during(year))) for year in years}
    row = Release.objects.filter(pk=one).order_by().annotate(**asked).values(*asked).get()
    return [year for year in years if row[f"in_{year}"]]


@require_safe
def year_file(request: BoardRequest, year: int, kind: str) -> HttpResponseBase:
    """What was first disclosed to the public in a year; a year without anything is missing."""
    write, content_type = WRITERS[kind]
    state = "" if has_session(request) else state_of(request)  # before the content, which may change meanwhile
    rows = batches(year)
    first = next(rows, None)  # asked before the answer begins: a missing year is a page, and so is a lost database
    if first is None:
        raise Http404
    lines = write(chain([first], rows), Addresses.made_by(request.build_absolute_uri))
    body: Iterator[str] = iter(()) if request.method == "HEAD" else lines
    response = StreamingHttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="items-{year}.{kind}"'
    return tagged(request, response, f"{request.build_absolute_uri()} {state}".encode()) if state else response


@require_safe
def data_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of one line."""
    return _schema(request, "disclosures:open_data_schema", FIELDS)


@require_safe
def item_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the data of one item."""
    return _schema(request, "disclosures:item_schema", FIELDS + OF_ONE)


def _schema(request: HttpRequest, name: str, fields: tuple[Field, ...]) -> HttpResponse:
    address = request.build_absolute_uri(reverse(name))
    response = JsonResponse(schema(address, fields), json_dumps_params={**PLAIN_JSON, "indent": 2})
    response["Content-Type"] = "application/schema+json; charset=utf-8"
    return revalidated(request, response)


@require_safe
def item_data(request: BoardRequest, number: str) -> HttpResponse:
    """The data of an item as it is open to this reader: visible, gone (410) or missing (404), each as JSON."""
    try:
        release = open_release(request, number)
    except Gone:
        return _refused(410, _("This item was withdrawn or its notice has ended."))
    except Http404:
        return _refused(404, _("There is no such item, or it is not open to you."))
    response = JsonResponse(item_record(request, release), json_dumps_params=PLAIN_JSON)
    if has_session(request):
        return response
    patch_vary_headers(response, ["Cookie"])  # others may read what is disclosed inside the Party
    return revalidated(request, response)


def has_session(request: HttpRequest) -> bool:
    """Whether the answer may depend on a person: it is kept by nobody then, and has no tag."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def item_record(request: BoardRequest, release: Release) -> dict[str, Any]:
    """The fields of open data, the text with its markup, and when each text opened to this reader."""
    whole = complete(Release.objects.filter(pk=release.pk)).get()
    opened = Release.objects.opened_to(request.reader, request.at).filter(item_id=release.item_id)
    return {
        **record(whole, Addresses.made_by(request.build_absolute_uri)),
        "id": whole.item.uid.urn,
        "html": release.revision.body,
        "releases": [_release_dates(place, row) for place, row in enumerate(opened.order_by("id"), start=1)],
        "schema": request.build_absolute_uri(reverse("disclosures:item_schema")),
    }


def _release_dates(place: int, row: Release) -> dict[str, Any]:
    """The windows of one text; `public_until` is null while nothing ends it.

    Texts are counted among those that were opened, as on the page: the number of a revision would tell how often the
    item came back from review.
    """
    return {
        "number": place,
        "internal_from": local(row.internal_from),
        "public_from": local(row.public_from),
        "public_until": local(row.public_until),
    }


def _refused(status: int, sentence: str) -> JsonResponse:
    """The answer for what is closed or missing: a sentence, and nothing of the item."""
    return JsonResponse({"status": status, "message": sentence}, status=status, json_dumps_params=PLAIN_JSON)
