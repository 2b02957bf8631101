"""Small copies of images and of the first pages of PDFs; who may see one is asked like for the file itself."""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseBase
from PIL import Image

from disclosures import uploads
from disclosures.first_pages import TookTooLong, first_page
from disclosures.models import FileText, StoredFile, Thumbnail
from disclosures.reading import read_on_commit

BOXES = (320, 960)  # pixels of the longest side: a row of a list, a column of text
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
PAGED = "application/pdf"
CONTENT_TYPE = "image/webp"
AT_ONCE_SECONDS = 2  # of rendering a page while somebody waits, beside the three of reading the file
BEHIND_SECONDS = 20


def ensure_thumbnails(file: StoredFile) -> None:
    """Make the small copies of a stored image or PDF that are not there yet; nothing for other files.

    A PDF that is still being read, or takes too long, gets its own behind the answer (`manage.py read_file`).
    """
    if file.content_type == PAGED:
        _ensure_pages(file)
    elif file.content_type in KINDS:
        for box in _missing(file):
            _keep(file, box, _small(file, box))


def ensure_thumbnails_behind(file: StoredFile) -> None:
    """The small copies of a PDF, by a process nobody waits for; nothing where the page cannot be shown in that time."""
    try:
        _render(file, seconds=BEHIND_SECONDS)
    except TookTooLong:
        return


def _ensure_pages(file: StoredFile) -> None:
    if settings.PORTAL_READ_FILES == "inline":
        ensure_thumbnails_behind(file)
        return
    try:
        _render(file, seconds=AT_ONCE_SECONDS)
    except TookTooLong:
        read_on_commit(file)


def _render(file: StoredFile, *, seconds: int) -> None:
    """Small copies of the first page of a file that could be read: one that is locked or damaged has none."""
    could_be_read = FileText.objects.filter(file=file, state__in=(FileText.State.READ, FileText.State.EMPTY))
    missing = _missing(file)
    if file.content_type != PAGED or not missing or not could_be_read.exists():
        return
    page = first_page(uploads.stored_path(file.sha256), max(missing), seconds=seconds)
    for box in missing if page else ():
        assert page is not None
        small = page.copy()
        small.thumbnail((box, box))
        _keep(file, box, small)


def _missing(file: StoredFile) -> list[int]:
    return sorted(set(BOXES) - set(file.thumbnails.values_list("box", flat=True)))


def _small(file: StoredFile, box: int) -> Image.Image:
    with uploads.open_stored(file.sha256) as source, Image.open(source, formats=[KINDS[file.content_type]]) as image:
        image.draft("RGB", (box * 2, box * 2))
        small = image if image.mode in ("RGB", "RGBA", "L") else image.convert(_mode_for(image))
        small.thumbnail((box, box))
        return small.copy()


def _keep(file: StoredFile, box: int, small: Image.Image) -> None:
    """Store the small copy; one whose file was destroyed in the meantime goes as well."""
    try:
        with transaction.atomic():
            Thumbnail.objects.get_or_create(file=file, box=box, defaults=_stored(small))
    except IntegrityError:  # the row of the file is gone
        return
    if FileText.objects.filter(file=file, reason="destroyed").exists():
        forget(file)


def _stored(small: Image.Image) -> dict[str, Any]:
    target = io.BytesIO()
    small.save(target, "WEBP", quality=80, method=4)
    width, height = small.size
    upload = SimpleUploadedFile("thumbnail.webp", target.getvalue())
    known = uploads.Inspected("webp", CONTENT_TYPE, upload.size or 0, "thumbnail.webp")
    stored = uploads.store(upload, known)
    return {"sha256": stored.sha256, "content_type": CONTENT_TYPE, "width": width, "height": height}


def _mode_for(image: Image.Image) -> str:
    if image.mode == "1":
        return "L"
    return "RGBA" if image.mode in ("LA", "PA") or "transparency" in image.info else "RGB"


def forget(file: StoredFile) -> None:
    """Remove the small copies of a file that is destroyed; bytes that another row names stay."""
    for row in list(file.thumbnails.all()):
        row.delete()
        named = (Thumbnail.objects.filter(sha256=row.sha256), StoredFile.objects.filter(sha256=row.sha256))
        if not any(rows.exists() for rows in named):
            uploads.remove(row.sha256)


def thumbnail_of(file: StoredFile, box: int = BOXES[0]) -> Thumbnail | None:
    """The small copy of a file, from rows already read ahead where there are any."""
    return next((row for row in file.thumbnails.all() if row.box == box), None)


def shown(file: StoredFile, box: int) -> HttpResponseBase:
    """The answer with a small copy for a view that has asked whether this reader may see the file; else 404."""
    row = Thumbnail.objects.filter(file=file, box=box).first() if box in BOXES else None
    if row is None:
        raise Http404
    try:
        return uploads.image_response(row.sha256, row.content_type)
    except FileNotFoundError:
        raise Http404 from None
