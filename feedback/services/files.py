"""Files of senders: kept under names that tell nothing, and hung on the case in the transaction of the opinion."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max

from disclosures import uploads
from disclosures.models import StoredFile
from disclosures.services.destroying import refuse_marked
from feedback.models import Case, CaseFile, Message


def keep(upload: UploadedFile, inspected: uploads.Inspected) -> StoredFile:
    """Store an inspected upload and return its row; raises `UploadRefused` where it bears a secrecy mark."""
    stored = uploads.store(upload, inspected)
    row, _created = StoredFile.objects.get_or_create(
        sha256=stored.sha256,
        defaults={"size": stored.size, "content_type": stored.content_type, "extension": inspected.extension},
    )
    refuse_marked(row, f"1.{inspected.extension}")
    return row


def attach(case: Case, files: Iterable[StoredFile], message: Message | None = None) -> None:
    """Hang `files` on the opinion, or on a later message; the names are the case's number and the order."""
    last = case.files.aggregate(last=Max("order"))["last"] or 0 if message else 0
    rows = [
        CaseFile(case=case, message=message, file=file, order=order, filename=f"{case.number}-{order}.{file.extension}")
        for order, file in enumerate(files, last + 1)
    ]
    CaseFile.objects.bulk_create(rows)


def are_those_of(rows: Iterable[CaseFile], files: Iterable[StoredFile]) -> bool:
    """Whether `rows` are exactly `files`."""
    return sorted(row.file_id for row in rows) == sorted(file.pk for file in files)
