"""Small copies of images, made once when the image comes in; who may see one is asked like for the file itself."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpResponseBase
from PIL import Image

from disclosures import uploads
from disclosures.models import StoredFile, Thumbnail

BOXES = (320, 960)  # pixels of the longest side: a row of a list, a column of text
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
CONTENT_TYPE = "image/webp"


def ensure_thumbnails(file: StoredFile) -> None:
    """Make the small copies of a stored image that are not there yet; nothing for other files."""
    if file.content_type not in KINDS:
        return
    missing = set(BOXES) - set(file.thumbnails.values_list("box", flat=True))
    for box in sorted(missing):
        Thumbnail.objects.get_or_create(file=file, box=box, defaults=_made(file, box))


def _made(file: StoredFile, box: int) -> dict[str, Any]:
    target = io.BytesIO()
    kind = KINDS[file.content_type]
    with uploads.open_stored(file.sha256) as source, Image.open(source, formats=[kind]) as image:
        image.draft("RGB", (box * 2, box * 2))
        small = image if image.mode in ("RGB", "RGBA", "L") else image.convert(_mode_for(image))
        small.thumbnail((box, box))
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
