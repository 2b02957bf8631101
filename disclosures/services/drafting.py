"""Step one of the plan: the working copy is saved, submitted, recalled, discarded, corrected (S30–S34)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures import completeness, notices
from disclosures.models import Attachment, FormOfDisclosure, Item, ItemContributor, StoredFile
from disclosures.models.fields import REVIEWED_FIELDS
from disclosures.models.items import ItemState
from disclosures.numbers import free_number
from disclosures.redactions import was_destroyed
from disclosures.refusal import Refused
from disclosures.richtext import clean_line, sanitise
from disclosures.services import autosaving, freezing, reviewing, screened, sensitivity
from disclosures.services.steps import close_undecided
from disclosures.services.trail import tell
from organizations.models import Unit, User

CLEANED_LINES = ("title", "document_number", "basis", "focus_reason", "change_note")
DRAFTED_FIELDS = frozenset(REVIEWED_FIELDS) - {"entry_version_id"} | {"entry", "matter", "section"}


@dataclass(frozen=True)
class AttachmentDraft:
    """An attachment as the drafter wants it: `uid` of a kept one, or `file` for a new one already stored on disk."""

    filename: str
    label: str = ""
    is_published: bool = True
    uid: UUID | None = None
    file: StoredFile | None = None


@dataclass(frozen=True)
class FirstDraft:
    """A draft that is not stored yet, with what its first saving writes."""

    item: Item
    fields: Mapping[str, Any]
    forms: Sequence[FormOfDisclosure] = ()


def save(
    item: Item,
    by: User,
    at: datetime,
    *,
    fields: Mapping[str, Any] | None = None,
    forms: Iterable[FormOfDisclosure] | None = None,
    branches: Iterable[Unit] | None = None,
    attachments: Iterable[AttachmentDraft] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> None:
    """Save the working copy, complete or not; `attachments` is the whole list in order, None leaves it alone.

    The body is sanitised here, whatever the form did. `reasons` says by key why findings of the screening stay.
    Raises ValueError for a field that is not the drafter's, `Refused` (`secrecy_mark`) for what must not be held.
    """
    is_new = item.pk is None
    changed = _apply(item, fields or {})
    if is_new:
        _begin(item, by, at)
    else:
        item.version += 1
    item.updated_at, item.updated_by = at, by
    item.save()
    changed += _set_relation(item, "forms", forms) + _set_relation(item, "branches", branches)
    changed += _set_attachments(item, attachments, by, at)
    screened.refuse_marks(item)
    changed += screened.keep_reasons(item, by, at, reasons or {})
    ItemContributor.objects.get_or_create(item=item, user=by, defaults={"first_at": at})
    autosaving.forget(item.uid, by)
    verb = "item.created" if is_new else "item.saved"
    tell(verb, item, by, after={"version": item.version, "changed": sorted(set(changed))})


def begin(draft: FirstDraft, by: User, at: datetime) -> list[str]:
    """Fill in a draft that is not stored yet as `save` would; returns what changed. Nothing is written.

    Raises what `save` raises, `Refused` (`secrecy_mark`) among it.
    """
    changed = _apply(draft.item, draft.fields)
    _begin(draft.item, by, at)
    draft.item.updated_at, draft.item.updated_by = at, by
    screened.refuse_marks(draft.item)
    return changed + (["forms"] if draft.forms else [])


def store_begun(begun: Sequence[tuple[FirstDraft, list[str]]], by: User, at: datetime) -> None:
    """Write what `begin` filled in: a few statements, and an event for each draft. The transaction is the caller's."""
    items = [draft.item for draft, _changed in begun]
    Item.objects.bulk_create(items)
    chosen = Item.forms.through
    chosen.objects.bulk_create(
        chosen(item=draft.item, formofdisclosure=form) for draft, _c in begun for form in draft.forms
    )
    ItemContributor.objects.bulk_create(ItemContributor(item=item, user=by, first_at=at) for item in items)
    for draft, changed in begun:
        tell("item.created", draft.item, by, after={"version": draft.item.version, "changed": sorted(set(changed))})


def holds(
    item: Item,
    *,
    fields: Mapping[str, Any],
    forms: Iterable[FormOfDisclosure],
    branches: Iterable[Unit],
    attachments: Iterable[AttachmentDraft],
) -> bool:
    """Whether the stored item is already what a `save` of these values would make of it: the form was sent twice."""
    is_same = all(_stays(item, name, value) for name, value in fields.items())
    related = (("forms", forms), ("branches", branches))
    is_same &= all({row.pk for row in rows} == set(_keys(item, name)) for name, rows in related)
    wanted = [(draft.filename, draft.label, draft.is_published) for draft in attachments]
    return is_same and wanted == [(row.filename, row.label, row.is_published) for row in item.attachments.all()]


def _stays(item: Item, name: str, value: Any) -> bool:
    is_kept_sensitive = name == "sensitive" and item.sensitive  # whatever the drafter wished, see `_follow_entry`
    return is_kept_sensitive or bool(getattr(item, name) == _cleaned(name, value))


def _keys(item: Item, name: str) -> Iterable[int]:
    return getattr(item, name).values_list("pk", flat=True)


def _begin(item: Item, by: User, at: datetime) -> None:
    if not item.unit.discloses:
        raise Refused(_("%(unit)s does not disclose in its own name.") % {"unit": item.unit}, code="no_owner")
    item.created_at, item.created_by, item.state = at, by, ItemState.DRAFT


def _apply(item: Item, fields: Mapping[str, Any]) -> list[str]:
    """Set cleaned values on the item and return the names of those that changed."""
    unknown = set(fields) - DRAFTED_FIELDS
    if unknown:
        raise ValueError(f"Not fields of a draft: {sorted(unknown)}")
    before = {name: getattr(item, name) for name in fields}
    for name, value in fields.items():
        setattr(item, name, _cleaned(name, value))
    _follow_entry(item)
    return [name for name in fields if getattr(item, name) != before[name]]


def _cleaned(name: str, value: Any) -> Any:
    if name == "body":
        return sanitise(value or "")
    return clean_line(value or "") if name in CLEANED_LINES else value


def _follow_entry(item: Item) -> None:
    """Tie the item to the version of its entry in force.

    A drafter cannot make ordinary what the entry says is sensitive, nor what a reviewer sent to the superior.
    """
    version = item.entry.version_on(timezone.localdate()) if item.entry else None
    item.entry_version = version
    if (version and version.sensitive) or (item.pk and sensitivity.was_raised(item)):
        item.sensitive = True


def _set_relation(item: Item, name: str, wanted: Iterable[Any] | None) -> list[str]:
    if wanted is None:
        return []
    relation = getattr(item, name)
    chosen = {row.pk for row in wanted}
    if chosen == set(relation.values_list("pk", flat=True)):
        return []
    relation.set(chosen)
    return [name]


def _set_attachments(item: Item, wanted: Iterable[AttachmentDraft] | None, by: User, at: datetime) -> list[str]:
    """Make the item's attachments equal to `wanted`; files themselves are never deleted."""
    if wanted is None:
        return []
    drafts = list(wanted)
    _refuse_destroyed(drafts)
    kept = {row.uid: row for row in item.attachments.all()}
    before = [_shape(row) for row in kept.values()]
    item.attachments.exclude(uid__in=[draft.uid for draft in drafts if draft.uid]).delete()
    for order, draft in enumerate(drafts):
        row = kept.get(draft.uid) if draft.uid else Attachment(item=item, file=draft.file, added_by=by, added_at=at)
        if row is None:
            raise Refused(_("An attachment you kept was removed in the meantime."), code="stale_attachment")
        row.filename, row.label = clean_line(draft.filename), clean_line(draft.label)
        row.is_published, row.order = draft.is_published, order
        row.save()
    return [] if before == [_shape(row) for row in item.attachments.all()] else ["attachments"]


def _refuse_destroyed(drafts: Iterable[AttachmentDraft]) -> None:
    for draft in drafts:
        if draft.file is not None and was_destroyed(draft.file):
            sentence = _("“%(name)s” was destroyed because of what it revealed. Choose a file in which that is masked.")
            raise Refused(sentence % {"name": draft.filename}, code="destroyed_file")


def _shape(row: Attachment) -> tuple[Any, ...]:
    return (row.uid, row.filename, row.label, row.order, row.is_published)


def submit(item: Item, by: User, at: datetime) -> None:
    """Freeze a revision and open its first step; every problem is listed at once beside its field (S35, S38)."""
    _follow_entry(item)
    problems = completeness.problems(item, at)
    for name, sentences in screened.problems(item).items():
        problems.setdefault(name, []).extend(sentences)
    if problems:
        raise Refused(_("The item is not complete yet."), code="incomplete", problems=problems)
    ItemContributor.objects.get_or_create(item=item, user=by, defaults={"first_at": at})
    if item.number is None:
        item.number = free_number(Item, item.unit.code, at)
    item.version += 1
    item.save()
    autosaving.forget(item.uid, by)
    item.current_revision = freezing.freeze(item, by, at)
    screened.freeze(item, item.current_revision)
    tell("item.submitted", item, by, after=_submission(item))
    notices.send("item.submitted", item, at, by=by)
    reviewing.begin(item, at)


def _submission(item: Item) -> dict[str, Any]:
    revision = item.current_revision
    assert revision is not None
    return {"version": item.version, "revision": revision.number, "digest": revision.digest}


def recall(item: Item, by: User, at: datetime) -> None:
    """Take the item back from review; open and waiting steps are closed undecided."""
    step = reviewing.open_step(item)
    close_undecided(item, at)
    item.version += 1
    tell("item.recalled", item, by, after={"version": item.version})
    notices.send("item.recalled", item, at, by=by, step=step)


def correct(item: Item, by: User, at: datetime) -> None:
    """Open the working copy for a correction; what readers see stays as it is until a new revision is approved."""
    item.version += 1
    item.change_note = ""
    tell("item.correction_started", item, by, after={"version": item.version})
    notices.send("item.correction_started", item, at, by=by)


def discard(item: Item, by: User, at: datetime) -> None:
    """Give up the draft; an item that was disclosed before goes back to its approved text."""
    item.version += 1
    autosaving.forget(item.uid)
    through = item.releases.filter(Q(urgent_by__isnull=True) | Q(urgent_confirmed_at__isnull=False))
    release = through.order_by("-id").first()  # what was opened urgently and not confirmed is no approved text
    if release is None:
        item.state = ItemState.DISCARDED
    else:
        freezing.thaw(release.revision, item, by, at)
        item.state = ItemState.APPROVED
        item.current_revision = release.revision
    tell("item.discarded", item, by, after={"version": item.version, "state": item.state})
