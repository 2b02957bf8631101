"""The page of an item and its files, and the page of a matter."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, DateTimeField, Exists, OuterRef
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures import content_scopes
from disclosures.content_scopes import resting_on
from disclosures.models import Matter, Release, RevisionAttachment, StoredFile
from disclosures.prepared import Prepared
from disclosures.reads import count_read, is_read, reading, times_read, told_until
from disclosures.thumbnails import BOXES, PAGED, shown, thumbnail_of
from disclosures.uploads import sent
from disclosures.views import article
from disclosures.views.around import around
from disclosures.views.asking import BoardRequest, Gone, gone_page, open_release, reads_in_public, visible
from disclosures.views.document import body_html, title_html
from disclosures.views.file_texts import text_address, with_texts
from disclosures.views.rows import Line, dated, is_internal, lines, rows_of
from disclosures.views.sharing import share
from disclosures.views.versions import opened_texts, texts
from disclosures.visibility import PUBLIC, Reader, ReleaseQuerySet, newest_visible

READ = (  # columns of the page; what only review and planning need stays away
    *("uid", "is_limited", "internal_from", "internal_until", "public_from", "public_until"),
    *("internal_since", "public_since", "withdrawn_at"),
    *("item__number", "unit__code", "unit__name", "unit__name_en", "category__slug", "category__name"),
    *("category__name_en", "category__text"),
    *(
        f"revision__{name}"
        for name in (
            *("title", "body", "body_text", "document_number", "issued_on", "basis", "audience", "phase"),
            *("matter", "entry", "entry_version", "item", "number", "change_note", "is_backfilled", "submitted_at"),
        )
    ),
)


@require_safe
def item(request: BoardRequest, number: str) -> HttpResponse:
    """An item as it is open to this reader: visible, gone (410) or missing (404)."""
    try:
        release = open_release(request, number, found_rows(request, number))
    except Gone as gone:
        return gone_page(request, gone)
    if is_read(request):
        count_read(number)
    page = render(request, "disclosures/item.html", item_context(request, release))
    return reading(resting_on(page, *scopes(release)), number)


def read_rows(reader: Reader, at: datetime, until: date, number: str) -> ReleaseQuerySet:
    """The release to show: also how often it was read up to a day, whether it has files, its forms and steps."""
    files = RevisionAttachment.objects.filter(revision=OuterRef("revision_id"), is_published=True)
    rows = Release.objects.annotate(
        times_read=times_read(OuterRef("item_id"), until),
        has_files=Exists(files),
        forms_said=article.forms_said(OuterRef("revision_id")),
        steps_said=article.steps_said(OuterRef("revision_id")),
    )
    return newest_visible(rows.filter(item__number=number).only(*READ), reader, at)


_read_by_public = Prepared(
    partial(read_rows, PUBLIC), at=DateTimeField(), until=DateField(), number=CharField(max_length=20)
)


def found_rows(request: BoardRequest, number: str) -> list[Release]:
    """The release to show to this reader, if there is one."""
    asked: dict[str, Any] = {"at": request.at, "until": told_until(request.at), "number": number}
    return _read_by_public(**asked) if reads_in_public(request) else list(read_rows(request.reader, **asked))


def scopes(release: Release) -> list[str]:
    """What the page of an item shows: the item itself, what surrounds it in category, unit and matter, its answers."""
    around = [content_scopes.category(release.category_id), content_scopes.unit(release.unit_id)]
    if release.revision.matter_id is not None:
        around.append(content_scopes.matter(release.revision.matter_id))
    return [*around, content_scopes.ANSWERS]


def item_context(request: BoardRequest, release: Release) -> dict[str, Any]:
    """Everything the page of an item shows."""
    items_crumb = {"label": _("Disclosed items"), "url": reverse("disclosures:items")}
    opened = opened_texts(request, release)
    category_crumb = {"label": release.category.label, "url": release.category.get_absolute_url()}
    return {
        "release": release,
        "revision": release.revision,
        "is_internal": is_internal(request, release),
        "opened_at": dated(request, release),
        "crumbs": [items_crumb, category_crumb],
        "here": release.item.number,
        "title": title_html(release.revision.title),
        "body": body_html(release.revision.body),
        "facts": article.facts(request, release, opened),
        "notice": article.notice(request, release),
        "files": files_of(release),
        "reads": article.reads(request, release),
        "steps": article.steps(request, release, opened),
        "neighbours": article.neighbours(request, release),
        "texts": texts(release, opened),
        "around": around(request, release),
        "share": share(request, release),
    }


def files_of(release: Any) -> list[dict[str, Any]]:
    """Published attachments of the open revision, as rows with type and size; no query where it has none."""
    if not release.has_files:
        return []
    published = release.revision.attachments.filter(is_published=True)
    attachments = with_texts(published).prefetch_related("file__thumbnails")
    return [
        {
            "url": reverse("disclosures:file", args=[release.item.number, attachment.uid]),
            "picture": picture_of(attachment.file, "disclosures:thumbnail", release.item.number, attachment.uid),
            "label": attachment.title,
            "text_url": text_address(release.item.number, attachment),
            "kind": attachment.file.extension.lstrip("."),
            "size": attachment.file.size,
        }
        for attachment in attachments
    ]


def picture_of(file: StoredFile, name: str, *args: Any) -> dict[str, Any] | None:
    """Where a page gets the small copies of an image or first page, with their size; None for other files."""
    small, large = thumbnail_of(file, BOXES[0]), thumbnail_of(file, BOXES[1])
    if small is None or large is None:
        return None
    return {
        "small": small,
        "url": reverse(name, args=[*args, small.box]),
        "large": large,
        "large_url": reverse(name, args=[*args, large.box]),
        "is_page": file.content_type == PAGED,
    }


@require_safe
def thumbnail(request: BoardRequest, number: str, uid: UUID, box: int) -> HttpResponseBase:
    """The small copy of a published image or PDF, to exactly those who may open the file itself (P1–P3)."""
    try:
        release = open_release(request, number)
    except Gone as gone:
        return gone_page(request, gone)
    published = RevisionAttachment.objects.filter(revision_id=release.revision_id, is_published=True)
    return shown(get_object_or_404(published.select_related("file"), uid=uid).file, box)


@require_safe
def file(request: BoardRequest, number: str, uid: UUID) -> HttpResponseBase:
    """A published file of the revision that is open to this reader; files kept for the file only are missing."""
    try:
        release = open_release(request, number)
    except Gone as gone:
        return gone_page(request, gone)
    published = RevisionAttachment.objects.filter(revision_id=release.revision_id, is_published=True)
    attachment = get_object_or_404(published.select_related("file"), uid=uid)
    return sent(attachment.file.sha256, attachment.filename, attachment.file.content_type)


@require_safe
def matter(request: BoardRequest, number: str) -> HttpResponse:
    """A matter before, during and after; one without a visible item is missing."""
    rows = visible(request).filter(revision__matter__number=number)
    found = [Line(*row) for row in lines(article.in_order(rows))[: article.LONGEST_MATTER]]
    if not found:
        raise Http404
    newest_first = sorted(found, key=lambda line: (dated(request, line), line.pk), reverse=True)
    subject = Matter.objects.select_related("unit").get(number=number)
    context = {
        "matter": subject,
        "here": subject.title,
        "crumbs": [{"label": _("Disclosed items"), "url": reverse("disclosures:items")}],
        "phases": article.phases(request, found),
        "rows": rows_of(request, newest_first),
    }
    return render(request, "disclosures/matter.html", context)
