"""The page that mends a leak after publication: what screening found, free passages, files, one reason (S41)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from disclosures import redactions
from disclosures.admin import drafting
from disclosures.admin.paper import label_of, listed
from disclosures.admin.refusals import show_problems, status_of
from disclosures.admin.uploading import UploadForm
from disclosures.masking import Leak
from disclosures.models import Item
from disclosures.refusal import Refused
from disclosures.screening import Finding, Profile, screen_text
from disclosures.services import AttachmentDraft, perform, why_not
from disclosures.services.redacting import LONGEST_REASON
from disclosures.workflow import TRANSITIONS
from organizations import roles
from organizations.models import User
from organizations.portal_admin import person

MOST_PASSAGES = 50
LONGEST_MASK = 8  # asterisks in place of a passage that screening knows no pattern for


class RedactionForm(UploadForm):
    """Ticks over what was found, passages typed by hand, files that go, a file in their place, and the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    found = forms.MultipleChoiceField(label=gettext_lazy("Found by screening"), required=False)
    passages = forms.CharField(
        label=gettext_lazy("Further passages to be masked"),
        help_text=gettext_lazy("One in each line, as it stands in the text. It is masked wherever it stands."),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    destroyed = forms.MultipleChoiceField(label=gettext_lazy("Files to be destroyed"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept in the trail. Readers are not told. Do not repeat what is to be masked."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: User, inspection: redactions.Inspection, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.inspection = inspection
        self.fields["file"].label = gettext_lazy("Replacement file")
        self.fields["file"].help_text = gettext_lazy(
            "Takes the place of the first destroyed file, at an address of its own. May be left empty."
        )
        self.fields["found"].choices = [(row.key, row.leak.text) for row in inspection.strings]  # type: ignore[attr-defined]
        self.fields["destroyed"].choices = [  # type: ignore[attr-defined]
            (row.file.sha256, row.filename) for row in inspection.files if not row.is_destroyed
        ]

    def clean_passages(self) -> str:
        """Refuse more lines than anybody types."""
        text = str(self.cleaned_data["passages"])
        if len(text.splitlines()) > MOST_PASSAGES:
            raise forms.ValidationError(_("At most %(most)d passages at once.") % {"most": MOST_PASSAGES})
        return text

    def leaks(self) -> list[Leak]:
        """What was ticked, with the masks of screening, and what was typed."""
        ticked = set(self.cleaned_data["found"])
        lines = [line.strip() for line in self.cleaned_data["passages"].splitlines() if line.strip()]
        return [row.leak for row in self.inspection.strings if row.key in ticked] + [_typed(line) for line in lines]

    def replacement(self) -> AttachmentDraft | None:
        """The file that takes the place of the destroyed one."""
        return AttachmentDraft(filename=self.stored_name, file=self.stored) if self.stored else None


def _typed(line: str) -> Leak:
    """A passage typed by hand: masked in the official pattern where all of it is one finding, else with asterisks."""
    found = screen_text(line, "passages", profile=Profile.PUBLIC)
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(line)):
        return Leak(line, found[0].mask, str(found[0].kind))
    return Leak(line, "*" * min(len(line), LONGEST_MASK), "passage")


@require_http_methods(["GET", "HEAD", "POST"])
def redact_page(request: HttpRequest, item: Item) -> HttpResponse:
    """What was found (GET); mask and destroy it (POST). Personal data stands here: only who may mend it sees it."""
    user = person(request)
    if not roles.may(user, TRANSITIONS["redact"].ability, item.unit_id):
        raise PermissionDenied
    inspection = redactions.inspect(item)
    if request.method != "POST":
        form = RedactionForm(user=user, inspection=inspection, initial={"version": item.version})
        return _show(request, item, form)
    form = RedactionForm(request.POST.copy(), request.FILES, user=user, inspection=inspection)
    is_valid = form.is_valid()
    form.keep_upload()
    if not is_valid:
        return _again(request, item, form, 400)
    try:
        _redact(item, form, user)
    except Refused as refusal:
        show_problems(form, refusal)
        return _again(request, item, form, status_of(refusal))
    messages.success(request, _("It is masked. Somebody else has to confirm it."))
    if count := redactions.frozen_copies(item, form.leaks()):
        sentence = _(
            "%(count)d remarks of decisions or reasons in the trail repeat it. They are frozen: tell the office."
        )
        messages.warning(request, sentence % {"count": count})
    return redirect("admin:disclosures_item_change", item.pk)


def _redact(item: Item, form: RedactionForm, user: User) -> None:
    perform(
        "redact",
        item=item,
        by=user,
        expected_version=form.cleaned_data["version"],
        reason=form.cleaned_data["reason"],
        leaks=form.leaks(),
        files=form.cleaned_data["destroyed"],
        replacement=form.replacement(),
    )


def _again(request: HttpRequest, item: Item, form: RedactionForm, status: int) -> HttpResponse:
    """The page with everything typed, over the version that stands now."""
    item.refresh_from_db()
    form.remember(form.data, {})
    form.data["version"] = str(item.version)  # type: ignore[index]
    return _show(request, item, form, status)


def _show(request: HttpRequest, item: Item, form: RedactionForm, status: int = 200) -> HttpResponse:
    chosen, going = (set(map(str, form[name].value() or ())) for name in ("found", "destroyed"))
    context = {
        "title": TRANSITIONS["redact"].label,
        "item": item,
        "form": form,
        "strings": [_string_row(row, item, row.key in chosen) for row in form.inspection.strings],
        "files": [_file_row(row, row.file.sha256 in going) for row in form.inspection.files],
        "why_not": why_not("redact", item=item, by=person(request)),
    }
    return drafting.page(request, "admin/item/redact.html", context, status)


def _string_row(row: redactions.Found, item: Item, is_ticked: bool) -> dict[str, Any]:
    names = _names_of(item)
    return {
        "key": row.key,
        "label": row.label,
        "text": row.leak.text,
        "mask": row.leak.mask,
        "places": listed(dict.fromkeys(_place(finding, names) for finding in row.places)),
        "is_ticked": is_ticked,
    }


def _file_row(row: redactions.FoundFile, is_ticked: bool) -> dict[str, Any]:
    count = len(row.found)
    if row.is_destroyed:
        words = _("destroyed already")
    elif count:
        words = _("findings inside: %(count)d") % {"count": count}
    else:
        words = _("nothing found inside") if row.is_screened else _("not screened, look into it yourself")
    return {
        "sha256": row.file.sha256,
        "name": row.filename,
        "words": words,
        "is_destroyed": row.is_destroyed,
        "sign": "stop" if count else ("none" if row.is_screened else "wait"),
        "is_ticked": is_ticked,
    }


def _names_of(item: Item) -> dict[str, str]:
    rows: Sequence[Any] = [*item.attachments.all()]
    for revision in item.revisions.prefetch_related("attachments"):
        rows = [*rows, *revision.attachments.all()]
    return {str(row.uid): row.filename for row in rows}


def _place(finding: Finding, names: dict[str, str]) -> str:
    """Where it stands, in words: a field, the name or label of a file, or a place inside one."""
    kind, colon, uid = finding.place.partition(":")
    if not colon:
        return label_of(finding.place)
    name = names.get(uid, "")
    if kind == "attachment":
        return _("In the file “%(name)s”, %(where)s") % {"name": name, "where": finding.where}
    return _("Name of a file") if kind == "filename" else _("Label of a file")
