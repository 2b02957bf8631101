"""Earlier texts of an item overwritten with the masked ones, through the door of a redaction (S41).

Which columns may change, and only where a `RedactedRevision` stands, the database itself keeps:
`disclosures/triggers.py`. The digest a revision was given at submission is never touched.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from disclosures.masking import Leak, mask_html, mask_segments, mask_text
from disclosures.models import (
    Attachment,
    Item,
    PassageRemark,
    RedactedRevision,
    Redaction,
    Release,
    Revision,
    RevisionAttachment,
)
from disclosures.models.readings import AROUND
from disclosures.richtext import plain_text
from disclosures.search.documents import index_releases
from disclosures.services import freezing

LINES = ("title", "document_number", "basis", "focus_reason", "change_note")
NAMES = ("filename", "label")


def overwrite(redaction: Redaction, leaks: Sequence[Leak], destroyed: Iterable[str]) -> int:
    """Mask every earlier revision that holds a leak or a destroyed file; returns how many there were."""
    item, gone = redaction.item, frozenset(destroyed)
    earlier = item.revisions.exclude(pk=redaction.corrected_revision_id).order_by("number")
    return sum(_overwrite_revision(redaction, revision, leaks, gone) for revision in earlier)


def masked_fields(source: Item | Revision, leaks: Sequence[Leak]) -> dict[str, str]:
    """The text columns of an item or revision with every leak masked, cut to what the column holds."""
    found = {name: masked_column(source, name, leaks) for name in LINES}
    return {**found, "body": mask_html(source.body, leaks)}


def masked_names(row: Attachment | RevisionAttachment, leaks: Sequence[Leak]) -> dict[str, str]:
    """Name and label of an attachment with every leak masked."""
    return {name: masked_column(row, name, leaks) for name in NAMES}


def masked_column(row: models.Model, name: str, leaks: Sequence[Leak]) -> str:
    """One text column with every leak masked, cut to what it holds."""
    return mask_text(getattr(row, name), leaks)[: getattr(row._meta.get_field(name), "max_length", None)]


def masked_plain(body: str, leaks: Sequence[Leak]) -> str:
    """The plain text of a masked body; what is one word there may still be divided by a blank here."""
    return mask_text(plain_text(body), leaks)


def _overwrite_revision(
    redaction: Redaction, revision: Revision, leaks: Sequence[Leak], destroyed: frozenset[str]
) -> bool:
    fields = masked_fields(revision, leaks)
    fields["body_text"] = masked_plain(fields["body"], leaks)
    files = list(revision.attachments.select_related("file"))
    names = {row.pk: masked_names(row, leaks) for row in files}
    passages = {row.pk: _masked_passage(row, revision.body_text, leaks) for row in revision.passages.all()}
    changes = [_changes(revision, fields), *(_changes(row, names[row.pk]) for row in files)]
    changes += [_changes(row, passages[row.pk]) for row in revision.passages.all()]
    if not any(changes) and all(row.file.sha256 not in destroyed for row in files):
        return False
    for name, value in fields.items():
        setattr(revision, name, value)
    for row in files:
        row.filename, row.label = names[row.pk]["filename"], names[row.pk]["label"]
    RedactedRevision.objects.create(redaction=redaction, revision=revision, digest=digest_of(revision, revision, files))
    Revision.objects.filter(pk=revision.pk).update(**fields)
    for row in files:
        RevisionAttachment.objects.filter(pk=row.pk).update(**names[row.pk])
    for pk, words in passages.items():
        PassageRemark.objects.filter(pk=pk).update(**words)
    index_releases(list(Release.objects.filter(revision=revision)))
    return True


def digest_of(revision: Revision, source: Revision, files: Iterable[RevisionAttachment]) -> str:
    """The digest of a revision with `files`, stored or not; forms and branches are those of `source`."""
    rows = sorted(files, key=lambda row: (row.order, str(row.uid)))
    values = freezing.described(
        revision,
        forms=source.forms.values_list("code", flat=True),
        branches=source.branches.values_list("code", flat=True),
        attachments=[[str(a.uid), a.file.sha256, a.filename, a.label, a.order, a.is_published] for a in rows],
    )
    return freezing.digest(values)


def _changes(row: models.Model, values: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _masked_passage(row: PassageRemark, body_text: str, leaks: Sequence[Leak]) -> dict[str, str]:
    """A quote with what stands around it, masked as parts of the whole text: a leak may begin before the quote."""
    end = row.position + len(row.quote)
    if body_text[row.position : end] == row.quote:
        around = mask_segments([body_text[: row.position], row.quote, body_text[end:]], leaks)
        changed = around[0] != body_text[: row.position], around[2] != body_text[end:]
        before = around[0][-AROUND:] if changed[0] and row.before else row.before
        after = around[2][:AROUND] if changed[1] and row.after else row.after
    else:
        around = mask_segments([row.before, row.quote, row.after], leaks)
        before, after = around[0][-AROUND:], around[2][:AROUND]
    quote = around[1][: row._meta.get_field("quote").max_length] or "*"
    return {"quote": quote, "before": before, "after": after, "remark": masked_column(row, "remark", leaks)}
