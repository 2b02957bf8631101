"""Freezing a working copy into a revision with its digest, and thawing an approved one back (S39)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from audit.canonical import canonical_json, utc_text
from disclosures.models import Attachment, Item, Revision, RevisionAttachment, RevisionContributor
from disclosures.models.fields import REVIEWED_FIELDS
from disclosures.richtext import plain_text
from organizations.models import User

DIGEST_FORMAT = "disclosure-revision/1"
NAMED_BY = {
    "entry_id": ("entry", "code"),
    "entry_version_id": ("entry_version", "number"),
    "matter_id": ("matter", "number"),
}


def freeze(item: Item, by: User, at: datetime) -> Revision:
    """Write the next revision of `item` with attachments, forms, branches, contributors and digest."""
    last = item.revisions.order_by("-number").first()
    revision = Revision(
        item=item,
        number=last.number + 1 if last else 1,
        unit=item.unit,
        body_text=plain_text(item.body),
        submitted_at=at,
        submitted_by=by,
        submitted_by_name=by.display_name,
        submitted_by_office=by.office,
        **{name: getattr(item, name) for name in REVIEWED_FIELDS},
    )
    revision.digest = digest(snapshot(item))
    revision.save(force_insert=True)
    revision.forms.set(item.forms.all())
    revision.branches.set(item.branches.all())
    _freeze_attachments(item, revision)
    _freeze_contributors(item, revision)
    return revision


def snapshot(source: Item | Revision) -> dict[str, Any]:
    """Every reviewed field of an item or revision as plain values; equal for an item and its fresh revision."""
    return described(
        source,
        forms=source.forms.values_list("code", flat=True),
        branches=source.branches.values_list("code", flat=True),
        attachments=[
            [str(a.uid), a.file.sha256, a.filename, a.label, a.order, a.is_published]
            for a in source.attachments.select_related("file").order_by("order", "uid")
        ],
    )


def described(
    source: Item | Revision, *, forms: Iterable[str], branches: Iterable[str], attachments: Sequence[Any] = ()
) -> dict[str, Any]:
    """The same from codes and rows already at hand, so that thousands of texts are digested without a query each."""
    return {
        "format": DIGEST_FORMAT,
        "unit": source.unit.code,
        "fields": {name: _plain(source, name) for name in REVIEWED_FIELDS},
        "forms": sorted(forms),
        "branches": sorted(branches),
        "attachments": list(attachments),
    }


def digest(values: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a snapshot, in hexadecimal."""
    return hashlib.sha256(canonical_json(values)).hexdigest()


def thaw(revision: Revision, item: Item, by: User, at: datetime) -> None:
    """Set the working copy back to what `revision` says, attachments included."""
    for name in REVIEWED_FIELDS:
        setattr(item, name, getattr(revision, name))
    item.forms.set(revision.forms.all())
    item.branches.set(revision.branches.all())
    item.attachments.all().delete()
    for row in revision.attachments.all():
        Attachment.objects.create(item=item, added_by=by, added_at=at, **_attachment_fields(row))


def _plain(source: Item | Revision, name: str) -> Any:
    """A field as a plain value; relations by the code or number people know, so that any copy of the data agrees."""
    if name in NAMED_BY:
        relation, known_as = NAMED_BY[name]
        row = getattr(source, relation)
        return None if row is None else getattr(row, known_as)
    value = getattr(source, name)
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _attachment_fields(row: Attachment | RevisionAttachment) -> dict[str, Any]:
    names = ("uid", "file_id", "filename", "label", "order", "is_published")
    return {name: getattr(row, name) for name in names}


def _freeze_attachments(item: Item, revision: Revision) -> None:
    RevisionAttachment.objects.bulk_create(
        RevisionAttachment(revision=revision, **_attachment_fields(row)) for row in item.attachments.all()
    )


def _freeze_contributors(item: Item, revision: Revision) -> None:
    RevisionContributor.objects.bulk_create(
        RevisionContributor(revision=revision, user=row.user, name=row.user.display_name, office=row.user.office)
        for row in item.contributors.select_related("user")
    )
