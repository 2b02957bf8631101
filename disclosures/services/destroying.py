"""Files that were published by mistake are taken off the disk, once nothing else needs them (S41)."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures import reading, thumbnails, uploads
from disclosures.models import FileText, RedactedFile, Redaction, RevisionAttachment, StoredFile, Thumbnail
from disclosures.screening import Profile, screen_parts, screen_text
from disclosures.search import index

PARTS_OF_A_FILE = (FileText, Thumbnail)  # rows that describe a stored file and go with it


def destroy(file: StoredFile) -> bool:
    """Remove bytes, small copies and text of `file`; False where another row still needs it. Call it after commit."""
    if is_needed(file):
        return False
    reading.forget(file)
    thumbnails.forget(file)
    uploads.remove(file.sha256)
    return True


def refuse_marked(file: StoredFile, filename: str) -> None:
    """Read `file` and destroy it at once when it bears a secrecy mark; raises `UploadRefused`. Large ones wait."""
    read = reading.ensure_read(file, filename)
    if bears_mark(read, filename):
        if destroy(file):
            read.delete()
            file.delete()
        raise uploads.UploadRefused(
            "secrecy_mark",
            _("This file bears a secrecy mark. This portal holds no such material; the file was destroyed."),
        )


def bears_mark(read: FileText, filename: str) -> bool:
    """Whether the name or the text read of a file holds a mark in mark form."""
    found = screen_parts(read.parts, "file", profile=Profile.INTERNAL)
    return any(one.refuses_save for one in [*found, *screen_text(filename.rpartition(".")[0], "file")])


def is_needed(file: StoredFile) -> bool:
    """Whether a row names `file` other than in items in which it was destroyed."""
    relations = StoredFile._meta.get_fields(include_hidden=True)
    return any(
        _naming(relation, file).exists()
        for relation in relations
        if relation.auto_created and relation.is_relation and relation.related_model not in PARTS_OF_A_FILE
    )


def drop_old_pages() -> None:
    """Let SQLite write its log back and empty it: until then the log keeps pages as they were before a redaction.

    PostgreSQL vacuums and recycles by itself. What readers hold on to is left for the next time.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        if Redaction.objects.filter(at__gt=timezone.now() - timedelta(days=1)).exists():
            index.forget_removed(connection)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _naming(relation: object, file: StoredFile) -> "QuerySet[RevisionAttachment]":
    model = relation.related_model  # type: ignore[attr-defined]
    rows = model._base_manager.filter(**{relation.field.name: file})  # type: ignore[attr-defined]
    if model is RevisionAttachment:
        rows = rows.exclude(revision__item__redactions__files__sha256=file.sha256)
    return rows


def destroy_left_behind(at: datetime) -> int:
    """Destroy what a process that died after its commit has left on the disk; returns how many files."""
    digests = RedactedFile.objects.filter(redaction__at__lte=at).values("sha256")
    files = StoredFile.objects.filter(sha256__in=digests)
    return sum(destroy(file) for file in files if uploads.stored_path(file.sha256).exists())
