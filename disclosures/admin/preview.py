"""Previews: the real page of an item as the public or a member would see it at an instant; nothing is written (P10)."""

from copy import copy
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures import previewing
from disclosures.admin.review import readable
from disclosures.models import Item, Revision
from disclosures.previewing import As, Planned
from disclosures.views import article
from disclosures.views.document import body_html, title_html
from disclosures.views.rows import dated, is_internal
from disclosures.views.versions import opened_texts, texts
from disclosures.visibility import Answer, Reader

YEARS = range(1990, 2200)


@require_safe
def preview_revision(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A frozen revision, for whoever may review or read it."""
    row = readable(request, uid)
    return preview(request, row, lambda file: reverse("review:file", args=[row.uid, file.uid]))


def preview(request: HttpRequest, source: Item | Revision, address: Any) -> HttpResponse:
    """The page for the reader and instant the address names; `address` says where staff find a file."""
    who, at = _who(request), _at(request)
    now = request.at  # type: ignore[attr-defined]
    release = previewing.planned(source, now)
    reader = previewing.reader_as(who, source)
    at = at or previewing.opens_at(release, reader) or now
    said = previewing.answer(release, reader, at)
    context = {"who": previewing.WORDS[who], "at": at, "back": _back(source), "choices": _choices(who, at)}
    template = "admin/item/preview_hidden.html"
    if said is Answer.VISIBLE and release.category is not None:
        template = "admin/item/preview.html"
        context |= page_of(_as(request, reader, at), release, address)
    else:
        context |= {"said": said.value, "opens_at": previewing.opens_at(release, reader), "here": _("Preview")}
    response = render(_as(request, reader, at), template, context)
    response["Cache-Control"] = "private, no-store"
    return response


def page_of(request: Any, release: Planned, address: Any) -> dict[str, Any]:
    """Everything the page of an item shows, from a release that is not stored."""
    shown: Any = release
    opened = opened_texts(request, shown) if release.item.pk else []
    return {
        "release": release,
        "revision": release.revision,
        "is_internal": is_internal(request, shown),
        "opened_at": dated(request, shown),
        "here": release.item.number or _("Preview"),
        "title": title_html(release.revision.title),
        "body": body_html(release.revision.body),
        "facts": article.facts(request, shown),
        "notice": article.notice(request, shown),
        "files": _files(release, address),
        "steps": _steps(request, shown),
        "texts": texts(shown, opened),
    }


def _files(release: Planned, address: Any) -> list[dict[str, Any]]:
    rows = release.revision.attachments.filter(is_published=True).select_related("file")
    return [
        {"url": address(row), "label": row.title, "kind": row.file.extension, "size": row.file.size} for row in rows
    ]


def _steps(request: Any, release: Any) -> list[dict[str, Any]]:
    """The four steps as they will stand there; the review is still to come."""
    return [
        {"label": _("Content drafted"), "state": "done", "entries": []},
        {"label": _("Reviewed"), "state": "current", "entries": []},
        {"label": _("Disclosed"), "state": "waiting", "entries": article.publication_entries(request, release)},
        {"label": _("Opinions"), "state": "waiting", "entries": []},
    ]


def _as(request: HttpRequest, reader: Reader, at: datetime) -> Any:
    """The request as that reader would send it: no account, that instant."""
    borrowed: Any = copy(request)
    borrowed.user, borrowed.reader, borrowed.at = AnonymousUser(), reader, at
    return borrowed


def _who(request: HttpRequest) -> As:
    try:
        return As(request.GET.get("as", As.PUBLIC))
    except ValueError:
        raise BadRequest("No such reader.") from None


def _at(request: HttpRequest) -> datetime | None:
    text = request.GET.get("at", "")
    if not text:
        return None
    try:
        at = parse_datetime(text) if len(text) <= 32 else None
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise BadRequest("No such instant.")
    return at if timezone.is_aware(at) else timezone.make_aware(at)


def _back(source: Item | Revision) -> str:
    if isinstance(source, Item):
        return reverse("admin:disclosures_item_change", args=[source.pk])
    return reverse("review:revision", args=[source.uid])


def _choices(who: As, at: datetime) -> list[dict[str, Any]]:
    return [{"value": one.value, "label": words, "current": one is who} for one, words in previewing.WORDS.items()]
