"""The list of attachments in the drafting form: kept ones, new ones, their order, and who may read them (S34, S83)."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.admin.uploading import UploadForm
from disclosures.models import Attachment, Item, Thumbnail
from disclosures.services import AttachmentDraft
from disclosures.thumbnails import thumbnail_of
from organizations.models import User

PREFIX = "attachments"
SEVERAL = "several_files"  # the field in which several files are chosen at once
READERS = [("yes", gettext_lazy("Published with the item")), ("no", gettext_lazy("Kept for the file only"))]
MOST = 100  # attachments of one item


class AttachmentForm(UploadForm):
    """One attachment: kept (`uid`), sent with this form (`file`) or sent a moment ago (`token`)."""

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(
        label=gettext_lazy("Name readers see"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Left empty, the file's own name is shown."),
    )
    is_published = forms.TypedChoiceField(
        label=gettext_lazy("Who may read it"), choices=READERS, initial="yes", coerce=lambda value: value == "yes"
    )
    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=0, max_value=9999)
    remove = forms.BooleanField(label=gettext_lazy("Remove this attachment"), required=False)

    field_order = ["uid", "token", "file", "label", "is_published", "order", "remove"]

    def __init__(self, *args: Any, known: Mapping[UUID, Attachment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.is_twice = False  # its content is that of another row
        if self.kept is not None:  # its file is known and stays
            del self.fields["file"], self.fields["token"]

    @property
    def kept(self) -> Attachment | None:
        """The stored attachment this row stands for; None for a new one and for one removed in the meantime."""
        raw = self.data.get(self.add_prefix("uid")) if self.is_bound else self.initial.get("uid")
        try:
            return self.known.get(UUID(str(raw))) if raw else None
        except ValueError:
            return None

    @property
    def filename(self) -> str:
        """The name of the file of this row, known already."""
        return self.kept.filename if self.kept else self.stored_name

    @property
    def picture(self) -> Thumbnail | None:
        """The small copy of a kept image, or of the first page of a kept PDF."""
        return thumbnail_of(self.kept.file) if self.kept else None

    def clean(self) -> dict[str, Any]:
        """A row with words but without a file is a mistake worth telling."""
        cleaned = super().clean()
        has_file = cleaned.get("uid") or self.stored or cleaned.get("file") or "file" in self.errors
        if cleaned.get("label") and not has_file and not cleaned.get("remove"):
            self.add_error("file", _("Choose the file, or empty this row."))
        return cleaned

    def draft(self) -> AttachmentDraft | None:
        """What the drafter wants of this row; None for an empty, removed or lost one."""
        values = getattr(self, "cleaned_data", {})
        if values.get("remove") or self.is_twice or not (self.kept or self.stored):
            return None
        return AttachmentDraft(
            filename=self.filename,
            label=values.get("label", ""),
            is_published=values.get("is_published", True) is True,
            uid=self.kept.uid if self.kept else None,
            file=None if self.kept else self.stored,
        )


class AttachmentList(forms.BaseFormSet):
    """All attachments of one item, with three empty rows for new ones."""

    def twice(self) -> list[str]:
        """Names of new files whose content this item has already: they are not added again (known by digest)."""
        seen = {form.kept.file_id for form in self.forms if form.kept and not _is_removed(form)}
        found = []
        for form in self.forms:
            if form.stored is None or _is_removed(form):
                continue
            if form.stored.pk in seen:
                found.append(form.stored_name)
                form.is_twice = True
            seen.add(form.stored.pk)
        return found

    def keep_uploads(self) -> None:
        """Store every accepted file, whatever else stands in the way of saving."""
        for form in self.forms:
            form.keep_upload()

    def drafts(self) -> list[AttachmentDraft]:
        """The whole list in the order wished for; rows without a number stay behind those before them."""
        numbered = [(_place(form, index), form.draft()) for index, form in enumerate(self.forms)]
        return [draft for _place_, draft in sorted(numbered, key=lambda pair: pair[0]) if draft is not None]


AttachmentFormSet = forms.formset_factory(
    AttachmentForm, formset=AttachmentList, extra=3, max_num=MOST, absolute_max=MOST + 20
)


def _is_removed(form: AttachmentForm) -> bool:
    return bool(getattr(form, "cleaned_data", {}).get("remove"))


def spread(data: Any, files: MultiValueDict) -> None:
    """Give each of the files chosen at once a row of its own, behind those that are there."""
    chosen = files.pop(SEVERAL, [])
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    place = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    for upload in chosen:
        files[f"{PREFIX}-{place}-file"] = upload
        data.setdefault(f"{PREFIX}-{place}-is_published", "yes")
        place += 1
    if chosen:
        data[f"{PREFIX}-TOTAL_FORMS"] = str(place)
        data.setdefault(f"{PREFIX}-INITIAL_FORMS", "0")


def _place(form: AttachmentForm, index: int) -> tuple[int, int]:
    order = getattr(form, "cleaned_data", {}).get("order")
    return (order if order is not None else 10_000, index)


def known_of(item: Item) -> dict[UUID, Attachment]:
    """Attachments of the working copy by their uid."""
    rows = item.attachments.select_related("file").prefetch_related("file__thumbnails") if item.pk else []
    return {row.uid: row for row in rows}


def list_of(item: Item, user: User, data: Any = None, files: Any = None) -> AttachmentList:
    """The formset of `item`: as stored, or as sent."""
    known = known_of(item)
    initial = [_initial(row) for row in known.values()] if data is None else None
    kwargs = {"user": user, "known": known}
    made = AttachmentFormSet(data, files, initial=initial, prefix=PREFIX, form_kwargs=kwargs)
    return cast(AttachmentList, made)


def list_again(sent: AttachmentList, item: Item, user: User, data: Any, files: MultiValueDict) -> AttachmentList:
    """The formset as it was sent, its new files remembered, and files added by others since then put behind them."""
    files = files.copy()
    for form in sent.forms:
        form.remember(data, files)
    _append_missing(data, sent, item)
    again = list_of(item, user, data, files)
    for before, form in zip(sent.forms, again.forms, strict=False):
        if before.refused is not None:
            form.add_error("file", before.refused)
    return again


def _append_missing(data: Any, sent: AttachmentList, item: Item) -> None:
    named = {data.get(form.add_prefix("uid")) for form in sent.forms}
    total = len(sent.forms)
    for uid, row in known_of(item).items():
        if str(uid) not in named:
            for name, value in _initial(row).items():
                data[f"{PREFIX}-{total}-{name}"] = str(value)
            total += 1
    data[f"{PREFIX}-TOTAL_FORMS"] = str(total)
    data.setdefault(f"{PREFIX}-INITIAL_FORMS", "0")


def _initial(row: Attachment) -> dict[str, Any]:
    return {
        "uid": row.uid,
        "label": row.label,
        "is_published": "yes" if row.is_published else "no",
        "order": row.order + 1,
    }
