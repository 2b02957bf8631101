"""A release as plain values, in the order of the fields; the caller has asked visibility before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from disclosures.models import Release, RevisionAttachment
from disclosures.visibility import ReleaseQuerySet

NUMBER, UID = "NUMBER-OF-AN-ITEM", UUID(int=0)


@dataclass(frozen=True)
class Addresses:
    """Whole addresses of items and files, made once: a stream outlives the language and the prefix of its request."""

    item: str
    file: str

    @classmethod
    def made_by(cls, absolute: Callable[[str], str]) -> "Addresses":
        """The Chinese addresses, which name an item for good."""
        with override("zh-hans"):
            return cls(
                absolute(reverse("disclosures:item", args=[NUMBER])),
                absolute(reverse("disclosures:file", args=[NUMBER, UID])),
            )

    def of_item(self, number: str) -> str:
        """The page of an item."""
        return self.item.replace(NUMBER, number)

    def of_file(self, number: str, uid: UUID) -> str:
        """A file of an item."""
        return self.file.replace(NUMBER, number).replace(str(UID), str(uid))


def complete(releases: ReleaseQuerySet) -> ReleaseQuerySet:
    """With everything a record holds: three queries for any number of rows."""
    published = RevisionAttachment.objects.filter(is_published=True).select_related("file")
    return (
        releases.for_reading()
        .select_related("revision__entry", "revision__matter")
        .prefetch_related("revision__forms", Prefetch("revision__attachments", published, to_attr="published"))
        .defer("item__body", "revision__body")
    )


def record(release: Release, addresses: Addresses) -> dict[str, Any]:
    """The values of one item, named and ordered as in `FIELDS`."""
    revision, number = release.revision, release.item.number
    assert number is not None  # every released item has one
    return {
        "number": number,
        "title": revision.title,
        "unit": release.unit.code,
        "unit_name": release.unit.name,
        "category": release.category.code,
        "category_name": release.category.name,
        "entry": revision.entry.code if revision.entry else "",
        "document_number": revision.document_number,
        "basis": revision.basis,
        "issued_on": revision.issued_on.isoformat() if revision.issued_on else None,
        "internal_since": local(release.internal_since),
        "public_since": local(release.public_since),
        "text_since": local(release.public_from or release.internal_from),
        "scope": revision.audience,
        "forms": [form.code for form in revision.forms.all()],
        "matter": revision.matter.number if revision.matter else "",
        "phase": revision.phase,
        "is_focus": release.is_focus,
        "is_backfilled": revision.is_backfilled,
        "change_note": revision.change_note,
        "attachments": [file_record(row, number, addresses) for row in revision.published],  # type: ignore[attr-defined]
        "text": revision.body_text,
        "digest": revision.digest,
        "url": addresses.of_item(number),
    }


def file_record(row: RevisionAttachment, number: str, addresses: Addresses) -> dict[str, Any]:
    """A published file: what it is, its digest and where it is."""
    return {
        "label": row.title,
        "filename": row.filename,
        "media_type": row.file.content_type,
        "size": row.file.size,
        "sha256": row.file.sha256,
        "url": addresses.of_file(number, row.uid),
    }


def local(at: datetime | None) -> str | None:
    """An instant in local time with its offset, to the second; None for none."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None
