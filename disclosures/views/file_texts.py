"""The text read of a published PDF or Word file, as a page: for a phone, for a screen reader, before a download."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.models import FileText, Release, RevisionAttachment, StoredFile
from disclosures.places import place_words
from disclosures.views.asking import BoardRequest, Gone, gone_page, open_release

EXTENSIONS = frozenset(("pdf", "docx", "wps"))
KINDS = frozenset(("page", "body", "notes"))  # what the document shows; neither comments nor deletions nor properties
FULL = 0.85  # of the widest line of a page: from there on a line was broken for want of room
WIDE_FROM = 0x2E80
_SENTENCE_ENDS = "。！？；：!?;:"
MOST_CHARS = 40_000  # on one page; the file itself holds the rest


@require_safe
def file_text(request: BoardRequest, number: str, uid: UUID) -> HttpResponse:
    """The first `MOST_CHARS` signs of a file, to exactly those who may open the file; one without text is missing."""
    try:
        release = open_release(request, number)
    except Gone as gone:
        return gone_page(request, gone)
    published = RevisionAttachment.objects.filter(revision_id=release.revision_id, is_published=True)
    attachment = get_object_or_404(published.select_related("file__text"), uid=uid)
    if not has_text(attachment.file):
        raise Http404
    parts, is_cut = shown_parts(attachment.file.text)
    if not parts:
        raise Http404
    return render(request, "disclosures/file_text.html", _context(release, attachment, parts, is_cut=is_cut))


def has_text(file: StoredFile) -> bool:
    """Whether this is a PDF or Word file that was read; `file` comes with its text."""
    text = getattr(file, "text", None)
    return file.extension in EXTENSIONS and text is not None and text.state == FileText.State.READ


def with_texts(attachments: QuerySet[RevisionAttachment]) -> QuerySet[RevisionAttachment]:
    """Attachments with what `text_address` asks, in one query and without the texts themselves."""
    rows = attachments.select_related("file__text").defer("file__text__parts", "file__text__gaps")
    return rows.annotate(first_kind=F("file__text__parts__0__kind"), second_kind=F("file__text__parts__1__kind"))


def text_address(number: str | None, attachment: Any) -> str:
    """Where the text of an attachment from `with_texts` can be read; empty for none, such as a scanned PDF.

    The first part of a PDF may be its properties; a page follows unless nothing but pictures was scanned.
    """
    is_scan = attachment.file.extension == "pdf" and "page" not in (attachment.first_kind, attachment.second_kind)
    if is_scan or not has_text(attachment.file):
        return ""
    return reverse("disclosures:file_text", args=[number, attachment.uid])


def shown_parts(text: FileText) -> tuple[list[dict[str, Any]], bool]:
    """Pages or sections as lists of lines, up to `MOST_CHARS` signs, and whether something was left out."""
    shown: list[dict[str, Any]] = []
    room = MOST_CHARS
    for part in text.parts:
        if part.get("kind") not in KINDS or part.get("inside"):
            continue
        if room <= 0:
            return shown, True
        words = part["text"][:room]
        lines = [line.strip() for line in words.split("\n") if line.strip()]
        if lines:
            place = "" if part["kind"] == "body" else place_words(part)
            shown.append({"place": place, "lines": rejoined(lines) if part["kind"] == "page" else lines})
        if len(part["text"]) > room:
            return shown, True
        room -= len(words)
    return shown, False


def rejoined(lines: list[str]) -> list[str]:
    """The paragraphs of a PDF page, which knows lines only: a full line that ends no sentence runs on in the next."""
    widest = max(map(_width, lines))
    found: list[str] = []
    runs_on = False
    for line in lines:
        if runs_on:
            is_latin = found[-1][-1].isascii() and line[0].isascii()
            found[-1] += f" {line}" if is_latin and found[-1][-1].isalnum() and line[0].isalnum() else line
        else:
            found.append(line)
        runs_on = _width(line) >= FULL * widest and line[-1] not in _SENTENCE_ENDS
    return found


def _width(line: str) -> int:
    """How wide a line is set: a Chinese sign counts twice."""
    return sum(2 if ord(sign) > WIDE_FROM else 1 for sign in line)


def _context(
    release: Release, attachment: RevisionAttachment, parts: list[dict[str, Any]], *, is_cut: bool
) -> dict[str, Any]:
    number = release.item.number
    return {
        "release": release,
        "attachment": attachment,
        "files": [
            {
                "url": reverse("disclosures:file", args=[number, attachment.uid]),
                "label": _("The file itself"),
                "kind": attachment.file.extension,
                "size": attachment.file.size,
            }
        ],
        "parts": parts,
        "is_cut": is_cut,
        "here": attachment.title,
        "crumbs": [
            {"label": _("Disclosed items"), "url": reverse("disclosures:items")},
            {"label": number, "url": release.get_absolute_url()},
        ],
    }
