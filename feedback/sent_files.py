"""Files in the forms of senders: checked by content, kept at once, remembered by a token when a form comes back."""

import math
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures import uploads
from disclosures.models import StoredFile
from feedback.services import rates
from feedback.services.files import keep
from feedback.services.rates import Door, TooMany

SALT = "feedback.sent_files"
LASTS = 12 * 60 * 60  # seconds: as long as the form's token
MOST_BYTES = settings.PORTAL_SENT_FILES_MB * 1024 * 1024 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # of a whole form
FREE_BYTES = 64 * 1024  # a form that small carries words and hardly a file: not counted


class NoFiles(FileUploadHandler):
    """Reads the words of a form and lets its files pass by: nothing of them reaches memory or disk."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def open_door(request: HttpRequest) -> TooMany | None:
    """Count the size of the form before a byte of it is read; where files are too many, let only its words in."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length <= FREE_BYTES:
        return None
    try:
        rates.passed(Door.FILES, request, math.ceil(length / (1024 * 1024)))
    except TooMany as closed:
        request.upload_handlers = [NoFiles(request)]
        return closed
    return None


class FilesInput(forms.FileInput):
    """Several files in one field."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: MultiValueDict, name: str) -> list[UploadedFile]:
        """Every file chosen."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """Several uploads; the cleaned value is the list of them, not yet looked at."""

    def __init__(self, **kwargs: Any) -> None:
        accept = ",".join(f".{extension}" for extension in uploads.ALLOWED) + ",image/*"
        super().__init__(required=False, widget=FilesInput(attrs={"accept": accept, "multiple": True}), **kwargs)


class FilesForm(forms.Form):
    """A form with files; `cleaned_data["stored"]` are their rows. A refused file takes nothing else with it."""

    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)
    documents = FilesField(label=gettext_lazy("Files"))
    drop_files = forms.BooleanField(label=gettext_lazy("Send without the files received"), required=False)

    def __init__(self, *args: Any, account: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account or 0
        self.fields["documents"].help_text = _(
            "At most %(count)d files, %(size)d MB together: pictures, PDF, Word, Excel, WPS. Photos lose what the"
            " camera wrote into them; a document may still name who wrote it."
        ) % {"count": settings.PORTAL_SENT_FILES, "size": settings.PORTAL_SENT_FILES_MB}
        if not self.data.get("kept") and not self.files:
            del self.fields["drop_files"]

    def clean(self) -> dict[str, Any]:
        """Keep each file at once, so that it is not lost when something else is wrong."""
        cleaned = super().clean() or {}
        if self.errors.get("website"):
            return cleaned  # fell into the trap: nothing is kept
        found = {} if cleaned.get("drop_files") else self._behind(cleaned.get("kept") or "")
        for upload in cleaned.get("documents") or []:
            if len(found) >= settings.PORTAL_SENT_FILES:
                self.add_error("documents", _("At most %(count)d files.") % {"count": settings.PORTAL_SENT_FILES})
                break
            self._take(upload, found)
        cleaned["stored"] = tuple(row for row, _name in found.values())
        self._remember(found)
        return cleaned

    def _take(self, upload: UploadedFile, found: dict[int, tuple[StoredFile, str]]) -> None:
        try:
            inspected = uploads.inspect(upload)
            row = keep(upload, inspected)
            found[row.pk] = (row, inspected.name)
        except ValidationError as refused:
            self.add_error("documents", refused)

    def _behind(self, token: str) -> dict[int, tuple[StoredFile, str]]:
        if not token:
            return {}
        try:
            account, pairs = signing.loads(token, salt=SALT, max_age=LASTS)
            if account != self.account:
                raise signing.BadSignature
            rows = StoredFile.objects.in_bulk([pk for pk, _name in pairs])
            return {pk: (rows[pk], name) for pk, name in pairs}
        except (signing.BadSignature, ValueError, TypeError, KeyError):
            self.add_error("documents", _("The files sent before are no longer at hand. Choose them again."))
            return {}

    def _remember(self, found: dict[int, tuple[StoredFile, str]]) -> None:
        """Write into the form, as it may be shown again, a signed note of the files that are here."""
        data = cast(QueryDict, self.data).copy()
        names = [(pk, name) for pk, (_row, name) in found.items()]
        data["kept"] = signing.dumps([self.account, names], salt=SALT) if names else ""
        data.pop("drop_files", None)
        self.data = data
        if not names:
            self.fields.pop("drop_files", None)
            return
        received = _("Received: %(names)s. They are kept; choose a file only to add it.")
        self["documents"].help_text = received % {"names": "、".join(name for _pk, name in names)}
