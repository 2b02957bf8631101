"""A Word document as the beginning of a draft: title, number, date and body; nothing is stored, nothing is trusted.

The document is read by a process of its own (`disclosures.word.reading`), whose memory and time the system bounds;
what it says is sanitised here like everything that was typed.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from disclosures import uploads
from disclosures.chinese_dates import date_in
from disclosures.richtext import MAX_CHARS, clean_line, sanitise
from disclosures.uploads import UploadRefused

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 20  # of waiting; the reading process computes half of that at most
MAX_BYTES = 20 * 1024 * 1024  # of a document to be read as text; larger ones are attached
LONGEST = {"title": 200, "document_number": 80}


@dataclass(frozen=True)
class Imported:
    """What a document says, clean and within the limits of the fields; empty where nothing was recognised."""

    title: str
    document_number: str
    issued_on: date | None
    body: str
    images: int
    text_boxes: int
    peak: int  # bytes the reading process held at most

    @property
    def fields(self) -> dict[str, str]:
        """The recognised values by name of the form's field, as typed into it."""
        values = {
            "title": self.title,
            "document_number": self.document_number,
            "issued_on": self.issued_on.isoformat() if self.issued_on else "",
            "body": self.body,
        }
        return {name: value for name, value in values.items() if value}


def import_word(upload: UploadedFile) -> Imported:
    """Read an uploaded .docx; raises `UploadRefused` with a sentence for whoever chose the file."""
    name = uploads.safe_name(upload.name or "")
    if uploads.inspect(upload).extension != "docx":
        raise UploadRefused(
            "not_word",
            _("“%(name)s” is not a Word document (.docx). Open it in Word or WPS and save it as .docx."),
            {"name": name},
        )
    if (upload.size or 0) > MAX_BYTES:
        _refuse("too_large", name)
    said = _read_apart(upload, name)
    if "refused" in said:
        _refuse(str(said["refused"]), name)
    if len(said["html"]) > MAX_CHARS:
        _refuse("too_large", name)
    return Imported(
        title=clean_line(said["title"])[: LONGEST["title"]],
        document_number=clean_line(said["number"])[: LONGEST["document_number"]],
        issued_on=date_in(said["date"]),
        body=sanitise(said["html"]),
        images=int(said["images"]),
        text_boxes=int(said["text_boxes"]),
        peak=int(said["peak"]),
    )


def _read_apart(upload: UploadedFile, name: str) -> dict[str, Any]:
    """What the reading process says; a process that dies of its limits has met too large a document."""
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.seek(0)
        upload.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "disclosures.word.reading"],
                stdin=copy,
                capture_output=True,
                cwd=ROOT,
                env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
                timeout=MOST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return {"refused": "too_large"}
    try:
        return dict(json.loads(done.stdout)) if done.returncode == 0 else {"refused": "too_large"}
    except ValueError:
        return {"refused": "damaged"}


def _refuse(why: str, name: str) -> NoReturn:
    if why == "too_large":
        raise UploadRefused(
            "too_large_to_import",
            _("“%(name)s” is too long or too intricate to become the text. Attach it as a file, or split it."),
            {"name": name},
        )
    raise UploadRefused(
        "damaged",
        _("“%(name)s” is damaged and cannot be read. Open it in Word or WPS, save it again and choose that file."),
        {"name": name},
    )
