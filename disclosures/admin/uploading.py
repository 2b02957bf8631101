"""Files in forms of the admin: checked by content, kept at once, remembered by a token when a form comes back."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures import uploads
from disclosures.models import StoredFile
from disclosures.services.destroying import refuse_marked
from disclosures.thumbnails import ensure_thumbnails
from organizations.models import User

SALT = "disclosures.admin.uploading"
LASTS = 2 * 24 * 60 * 60  # seconds; a form left open overnight still knows its files


class KeptFileField(forms.FileField):
    """A file of an accepted kind; the cleaned value is the upload, `inspected` says what it is."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check the content; raises ValidationError with a sentence about this file."""
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            upload.inspected = uploads.inspect(upload)  # type: ignore[attr-defined]
        return upload


def keep(upload: UploadedFile) -> tuple[StoredFile, str]:
    """Store an inspected upload and return its row and the name to show."""
    inspected: uploads.Inspected = upload.inspected  # type: ignore[attr-defined]
    stored = uploads.store(upload, inspected)
    row, _created = StoredFile.objects.get_or_create(
        sha256=stored.sha256,
        defaults={"size": stored.size, "content_type": stored.content_type, "extension": inspected.extension},
    )
    refuse_marked(row, inspected.name)
    ensure_thumbnails(row)
    return row, inspected.name


def token_for(file: StoredFile, name: str, user: User) -> str:
    """A signed note that `user` has just sent `file`; nobody else's, and no digest typed by hand, is accepted."""
    return signing.dumps([file.pk, name, user.pk], salt=SALT)


def file_behind(token: str, user: User) -> tuple[StoredFile, str]:
    """The file and name of a token; raises ValidationError when it is not one of `user`, or too old."""
    try:
        pk, name, sender = signing.loads(token, salt=SALT, max_age=LASTS)
        if sender != user.pk:
            raise signing.BadSignature
        return StoredFile.objects.get(pk=pk), name
    except (signing.BadSignature, ValueError, TypeError, StoredFile.DoesNotExist) as lost:
        raise ValidationError(_("The file sent before is no longer at hand. Choose it again."), code="token") from lost


class UploadForm(forms.Form):
    """A file together with the token that stands for it when the form is shown again."""

    token = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1000)
    file = KeptFileField(label=gettext_lazy("File"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.stored: StoredFile | None = None
        self.stored_name = ""
        self.refused: ValidationError | None = None  # said when the file was read, after it had been taken

    def clean(self) -> dict[str, Any]:
        """Find the file behind a token; a file chosen now takes its place."""
        cleaned = super().clean() or {}
        if cleaned.get("token") and not cleaned.get("file"):
            try:
                self.stored, self.stored_name = file_behind(cleaned["token"], self.user)
            except ValidationError as lost:
                self.add_error("file", lost)
        return cleaned

    def keep_upload(self) -> None:
        """Store the file chosen now, if it was accepted."""
        upload = (getattr(self, "cleaned_data", None) or {}).get("file")
        if isinstance(upload, UploadedFile) and self.stored is None:
            try:
                self.stored, self.stored_name = keep(upload)
            except ValidationError as refused:
                self.refused = refused
                self.add_error("file", refused)

    def remember(self, data: Any, files: Any) -> None:
        """Write into `data` what a second showing of this form needs, and take the file out of `files`."""
        if self.stored is not None:
            data[self.add_prefix("token")] = token_for(self.stored, self.stored_name, self.user)
            files.pop(self.add_prefix("file"), None)
        elif self.refused is not None:
            files.pop(self.add_prefix("file"), None)
