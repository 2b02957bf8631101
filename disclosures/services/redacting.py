"""A leak found after publication mended in one action: masked text out, earlier text and files destroyed (S41, S91).

Everything happens in the transaction and at the instant of `perform`; only the bytes of files go after commit.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from disclosures import notices, redactions
from disclosures.masking import SHORTEST, Leak, holds, mask_text
from disclosures.models import (
    Attachment,
    Item,
    RedactedFile,
    Redaction,
    Release,
    Revision,
    RevisionAttachment,
    RevisionContributor,
    StoredFile,
)
from disclosures.models.fields import REVIEWED_FIELDS
from disclosures.models.items import ItemState
from disclosures.refusal import Refused, Sentence
from disclosures.richtext import clean_line, clean_text
from disclosures.services import autosaving, destroying, overwriting, releasing
from disclosures.services.drafting import AttachmentDraft
from disclosures.services.steps import close_undecided, open_step
from disclosures.services.trail import tell
from organizations import roles
from organizations.models import User
from organizations.roles import Ability

LONGEST_REASON = 500  # characters


def why_not_redact(item: Item, by: User) -> Sentence | None:
    """Only what is or was open to readers is redacted; a draft is simply changed."""
    if not item.releases.exists():
        return _("Nothing of this item was ever opened to readers: change the draft.")
    return None


def redact(
    item: Item,
    by: User,
    at: datetime,
    *,
    reason: str,
    leaks: Sequence[Leak] = (),
    files: Sequence[str] = (),
    replacement: AttachmentDraft | None = None,
) -> None:
    """Mask `leaks` everywhere in the item and destroy `files`, named by digest; `replacement` takes their place.

    A review under way ends undecided, as at a withdrawal: those who agreed did not know. A text that was opened
    urgently and that no review has confirmed is withdrawn instead of opened anew.
    """
    told = clean_text(reason)[:LONGEST_REASON]
    _refuse_unfit(item, told, leaks, files, replacement)
    step = open_step(item)
    before = releasing.standing(item, at).order_by("-id").first()
    earlier = before or item.releases.order_by("-id").first()
    assert earlier is not None
    fresh = _fresh_row(replacement, earlier.revision, files)
    corrected = _masked_revision(item, earlier.revision, by, at, leaks=leaks, files=files, fresh=fresh)
    redaction = Redaction.objects.create(
        item=item,
        by=by,
        by_name=by.display_name,
        by_office=by.office,
        at=at,
        reason=told,
        kinds=sorted({leak.kind for leak in leaks if leak.kind}),
        corrected_revision=corrected,
    )
    _put_in_place(before, corrected, by, at, told)
    count = overwriting.overwrite(redaction, leaks, files)
    _mask_working_copy(item, by, at, leaks=leaks, files=files, fresh=fresh)
    _mask_beside(item, leaks)
    _destroy(redaction, item, leaks, files)
    autosaving.forget(item.uid)
    _settle(item, corrected, at)
    tell(
        "item.redacted",
        item,
        by,
        after={"version": item.version, "revision": corrected.number, "revisions": count, "files": len(set(files))},
        reason=told,
    )
    notices.send("item.redacted", item, at, by=by, step=step)


def why_not_confirm(item: Item, by: User) -> Sentence | None:
    """Why `by` may not confirm what was redacted: it is confirmed, or they did or wrote it themselves."""
    waiting = list(redactions.awaiting_confirmation().filter(item=item))
    if not waiting:
        return _("No redaction of this item waits to be confirmed.")
    if not roles.may(by, Ability.READ_ITEMS, item.unit_id):
        return _("Your role does not allow this for %(unit)s.") % {"unit": item.unit}
    if not any(_may_confirm(redaction, by) for redaction in waiting):
        return _("You redacted or wrote this text yourself; somebody else confirms it.")
    return None


def confirm(item: Item, by: User, at: datetime) -> None:
    """Take the flag off every redaction of the item that somebody else did and `by` wrote nothing of."""
    for redaction in redactions.awaiting_confirmation().filter(item=item):
        if _may_confirm(redaction, by):
            redaction.confirmed_by, redaction.confirmed_by_name, redaction.confirmed_at = by, by.display_name, at
            redaction.save(update_fields=["confirmed_by", "confirmed_by_name", "confirmed_at"])
    tell("item.redaction_confirmed", item, by)
    notices.send("item.redaction_confirmed", item, at, by=by)


def _may_confirm(redaction: Redaction, by: User) -> bool:
    return redaction.by_id != by.pk and not redaction.corrected_revision.contributors.filter(user=by).exists()


def _refuse_unfit(
    item: Item, reason: str, leaks: Sequence[Leak], files: Sequence[str], replacement: AttachmentDraft | None
) -> None:
    """Every problem at once, each beside its part of the page."""
    problems: dict[str, list[Sentence]] = {}
    if not reason:
        problems["reason"] = [_("Give the reason.")]
    elif holds(reason, leaks):
        problems["reason"] = [_("The reason is kept: write it without the text that is to be masked.")]
    if not leaks and not files:
        problems["passages"] = [_("Tick or type what is to be masked, or tick a file that is to be destroyed.")]
    elif any(len(leak.core) < SHORTEST for leak in leaks):
        problems["passages"] = [
            _("A passage to be masked has at least %(least)d signs: it is masked everywhere.") % {"least": SHORTEST}
        ]
    elif any(holds(leak.mask, leaks) for leak in leaks):
        problems["passages"] = [_("A passage to be masked is not itself part of a mask.")]
    left = {key: name for key, name in redactions.files_that_hold(item, list(leaks)).items() if key not in set(files)}
    if left:
        sentence = _("“%(name)s” still holds what is to be masked: tick it as well.")
        problems["destroyed"] = [sentence % {"name": mask_text(name, leaks)} for name in left.values()]
    if replacement is not None and (problem := _why_not_instead(replacement, leaks, files)):
        problems["file"] = [problem]
    if problems:
        raise Refused(_("The redaction is not complete yet."), code="incomplete", problems=problems)


def _why_not_instead(draft: AttachmentDraft, leaks: Sequence[Leak], files: Sequence[str]) -> Sentence | None:
    """Why a file cannot take the place of a destroyed one."""
    assert draft.file is not None
    if draft.file.sha256 in files or redactions.was_destroyed(draft.file):
        return _("This is the file that is to be destroyed. Choose one in which the leak is masked.")
    if holds(draft.filename, leaks):
        return _("The name of this file holds what is to be masked. Give it another one.")
    if not files:
        return _("Tick the file whose place this one takes.")
    return None


def _masked_revision(
    item: Item,
    source: Revision,
    by: User,
    at: datetime,
    *,
    leaks: Sequence[Leak],
    files: Sequence[str],
    fresh: RevisionAttachment | None,
) -> Revision:
    """The next revision of the item: `source` masked, without the destroyed files."""
    values = {name: getattr(source, name) for name in REVIEWED_FIELDS}
    values |= overwriting.masked_fields(source, leaks) | {"change_note": redactions.CHANGE_NOTE}
    last = item.revisions.order_by("-number").first()
    revision = Revision(
        item=item,
        number=last.number + 1 if last else 1,
        unit=source.unit,
        body_text=overwriting.masked_plain(values["body"], leaks),
        submitted_at=at,
        submitted_by=by,
        submitted_by_name=by.display_name,
        submitted_by_office=by.office,
        **values,
    )
    rows = [_kept_row(row, leaks) for row in source.attachments.select_related("file") if row.file.sha256 not in files]
    rows += [fresh] if fresh else []
    revision.digest = overwriting.digest_of(revision, source, rows)
    revision.save(force_insert=True)
    revision.forms.set(source.forms.all())
    revision.branches.set(source.branches.all())
    for row in rows:
        row.revision = revision
    RevisionAttachment.objects.bulk_create(rows)
    _name_contributors(revision, source, by)
    return revision


def _kept_row(row: RevisionAttachment, leaks: Sequence[Leak]) -> RevisionAttachment:
    names = overwriting.masked_names(row, leaks)
    return RevisionAttachment(uid=row.uid, file=row.file, order=row.order, is_published=row.is_published, **names)


def _fresh_row(
    replacement: AttachmentDraft | None, source: Revision, files: Sequence[str]
) -> RevisionAttachment | None:
    """The file that takes the place of the first destroyed one, at an address of its own."""
    if replacement is None or replacement.file is None:
        return None
    first = source.attachments.filter(file__sha256__in=files).first()
    return RevisionAttachment(
        uid=uuid.uuid4(),
        file=replacement.file,
        filename=clean_line(replacement.filename),
        label=clean_line(replacement.label),
        order=first.order if first else source.attachments.count(),
        is_published=first.is_published if first else True,
    )


def _name_contributors(revision: Revision, source: Revision, by: User) -> None:
    """Whoever wrote the text, and whoever masked it: none of them confirms it."""
    rows = {row.user_id: (row.name, row.office) for row in source.contributors.all()}
    rows[by.pk] = (by.display_name, by.office)
    RevisionContributor.objects.bulk_create(
        RevisionContributor(revision=revision, user_id=pk, name=name, office=office)
        for pk, (name, office) in rows.items()
    )


def _put_in_place(before: Release | None, corrected: Revision, by: User, at: datetime, reason: str) -> None:
    if before is None:
        return
    if before.is_urgent:
        releasing.take_back(before, by, at, reason)
    else:
        releasing.carry_over(before, corrected, at)


def _mask_working_copy(
    item: Item,
    by: User,
    at: datetime,
    *,
    leaks: Sequence[Leak],
    files: Sequence[str],
    fresh: RevisionAttachment | None,
) -> None:
    """The draft loses what readers lose; whoever wrote it stays its author."""
    for name, value in overwriting.masked_fields(item, leaks).items():
        setattr(item, name, value)
    if item.state == ItemState.APPROVED:
        item.change_note = redactions.CHANGE_NOTE
    item.attachments.filter(file__sha256__in=files).delete()
    for row in item.attachments.all():
        Attachment.objects.filter(pk=row.pk).update(**overwriting.masked_names(row, leaks))
    if fresh is not None:
        names = ("uid", "file_id", "filename", "label", "order", "is_published")
        values = {name: getattr(fresh, name) for name in names}
        Attachment.objects.create(item=item, added_by=by, added_at=at, **values)


def _mask_beside(item: Item, leaks: Sequence[Leak]) -> None:
    """What was copied out of the text: internal remarks, and the title of the matter."""
    for remark in item.remarks.all():
        words = {name: overwriting.masked_column(remark, name, leaks) for name in ("text", "passage")}
        item.remarks.filter(pk=remark.pk).update(**words)
    if item.matter is not None and holds(item.matter.title, leaks):
        item.matter.title = overwriting.masked_column(item.matter, "title", leaks)
        item.matter.save(update_fields=["title"])


def _destroy(redaction: Redaction, item: Item, leaks: Sequence[Leak], files: Sequence[str]) -> None:
    """Note each file that goes, and remove it from the disk once that is committed."""
    names = {row.file.sha256: row.filename for row in _attachments_of(item, files)}
    RedactedFile.objects.bulk_create(
        RedactedFile(redaction=redaction, sha256=sha256, filename_masked=mask_text(name, leaks)[:150])
        for sha256, name in names.items()
    )
    for file in StoredFile.objects.filter(sha256__in=names):
        transaction.on_commit(partial(destroying.destroy, file), robust=True)


def _attachments_of(item: Item, files: Sequence[str]) -> list[RevisionAttachment]:
    rows = RevisionAttachment.objects.filter(Q(revision__item=item), file__sha256__in=files)
    return list(rows.select_related("file").order_by("revision__number"))


def _settle(item: Item, corrected: Revision, at: datetime) -> None:
    """Where the item stands now: a review under way is over, an approved item stays approved."""
    if close_undecided(item, at):
        item.state = ItemState.DRAFT
    if item.state != ItemState.RETURNED:
        item.current_revision = corrected
    item.version += 1
