"""One small form for each verb of staff; `payload` is what the service takes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.admin.uploading import KeptFileField, file_behind, keep, token_for
from feedback.clock_forms import DecideRequestForm, ExtendForm, FulfilForm
from feedback.forms import LineField, UnitField, WordsField
from feedback.models import DemandKind
from feedback.protection_forms import (
    AskIdentityForm,
    DecideIdentityForm,
    NameTargetForm,
    OpenIdentityForm,
    TransferForm,
)
from feedback.publishing_forms import HideForm, PublishForm, ReplyForm, ReviewAnswerForm
from feedback.services.rectifying import ProofFile, open_rectifications, waiting_rectifications
from feedback.verb_form import VerbForm, shortened
from feedback.wishes import is_answered_in_public
from organizations.models import Unit


class AcceptForm(VerbForm):
    """Accept the case."""

    verb = "accept"


class InvestigateForm(VerbForm):
    """Take on the investigation."""

    verb = "investigate"


class CloseForm(VerbForm):
    """Close the case; say why, where nobody reads the answer to a sender without name and contact."""

    verb = "close"
    unpublished_because = WordsField(
        label=gettext_lazy("Why the answer is not published"),
        required=False,
        rows=2,
        help_text=gettext_lazy(
            "Needed only where the sender left no name or contact and no answer was proposed for publication."
        ),
    )

    def prepare(self) -> None:
        """Ask only where an answer in public is due."""
        if not is_answered_in_public(self.case):
            del self.fields["unpublished_because"]


class DeclineForm(VerbForm):
    """Decline with a reason that the sender reads."""

    verb = "decline"
    reason = WordsField(label=gettext_lazy("Reason"), help_text=gettext_lazy("The sender reads it."))


class FindForm(VerbForm):
    """Enter the findings."""

    verb = "find"
    findings = WordsField(
        label=gettext_lazy("Findings"), help_text=gettext_lazy("For the file; the sender does not read them.")
    )


class AskForm(VerbForm):
    """Write to the sender."""

    verb = "ask"
    text = WordsField(
        label=gettext_lazy("Message"), help_text=gettext_lazy("The sender reads it under the name of the unit.")
    )


class RectifyForm(VerbForm):
    """Order a rectification (S47)."""

    verb = "rectify"
    problem = WordsField(label=gettext_lazy("Problem"), rows=3)
    measure = WordsField(label=gettext_lazy("Measure"), rows=3)
    responsible_unit = UnitField(Unit.objects.none(), label=gettext_lazy("Responsible unit"))
    responsible_person = LineField(
        label=gettext_lazy("Responsible person"),
        longest=60,
        help_text=gettext_lazy("Staff read it, the sender does not."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    demand = forms.ChoiceField(
        label=gettext_lazy("What has to be disclosed for it"),
        required=False,
        choices=[("", gettext_lazy("Nothing")), *DemandKind.choices],
    )

    def prepare(self) -> None:
        """Offer the units in being, and a correction where there is an item to correct."""
        units, demand = self.fields["responsible_unit"], self.fields["demand"]
        assert isinstance(units, UnitField) and isinstance(demand, forms.ChoiceField)
        units.queryset = Unit.objects.filter(is_active=True)
        units.initial = self.case.unit.code
        if self.case.item is None:
            demand.choices = [("", _("Nothing")), (DemandKind.AFTER.value, DemandKind.AFTER.label)]


class DoneForm(VerbForm):
    """Report a rectification done, with proof."""

    verb = "report_done"
    rectification = forms.TypedChoiceField(label=gettext_lazy("Which rectification"), coerce=int)
    proof = WordsField(label=gettext_lazy("What shows that it was put right"))
    item_number = LineField(
        label=gettext_lazy("Index number of the item that tells it"),
        required=False,
        help_text=gettext_lazy("Only where a correction or an item of the phase “after” was ordered."),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1000)
    file = KeptFileField(label=gettext_lazy("File"), required=False)

    def prepare(self) -> None:
        """Offer what nobody has reported done."""
        rows = open_rectifications(self.case)
        offer(self.fields["rectification"], rows)
        if not any(row.demanded for row in rows):
            self.fields["item_number"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Keep the file at once, so that it is not lost when something else is wrong."""
        cleaned = super().clean() or {}
        upload, token = cleaned.get("file"), cleaned.get("kept")
        try:
            if isinstance(upload, UploadedFile):
                cleaned["stored"] = keep(upload)
            elif token:
                cleaned["stored"] = file_behind(token, self.by)
        except ValidationError as lost:
            self.add_error("file", lost)
        if "stored" in cleaned:
            file, name = cleaned["stored"]
            self.show("kept", token_for(file, name, self.by))
            received = _("Received: %(name)s. It is kept; choose a file only to replace it.")
            self["file"].help_text = received % {"name": name}
        return cleaned

    def payload(self) -> dict[str, Any]:
        """The stored file in place of the upload."""
        stored = self.cleaned_data.get("stored")
        return {
            "rectification": self.cleaned_data["rectification"],
            "proof": self.cleaned_data["proof"],
            "item_number": self.cleaned_data["item_number"],
            "file": ProofFile(*stored) if stored else None,
        }


class VerifyForm(VerbForm):
    """Say whether it was really put right."""

    verb = "verify"
    rectification = forms.TypedChoiceField(label=gettext_lazy("Which rectification"), coerce=int)
    is_ok = forms.TypedChoiceField(
        label=gettext_lazy("What did you find?"),
        choices=[("yes", gettext_lazy("It is put right")), ("no", gettext_lazy("It is not put right yet"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    remark = WordsField(
        label=gettext_lazy("Remark"),
        required=False,
        rows=2,
        help_text=gettext_lazy("Needed when it is not put right yet."),
    )

    def prepare(self) -> None:
        """Offer what was reported done."""
        offer(self.fields["rectification"], waiting_rectifications(self.case))


FORMS: dict[str, type[VerbForm]] = {
    form.verb: form
    for form in (
        AcceptForm,
        InvestigateForm,
        FindForm,
        DecideRequestForm,
        FulfilForm,
        ReplyForm,
        RectifyForm,
        DoneForm,
        VerifyForm,
        CloseForm,
        ExtendForm,
        AskForm,
        PublishForm,
        ReviewAnswerForm,
        HideForm,
        DeclineForm,
        TransferForm,
        NameTargetForm,
        AskIdentityForm,
        DecideIdentityForm,
        OpenIdentityForm,
    )
}


def offer(field: forms.Field, rows: list[Any]) -> None:
    """Let a choice field offer `rows` by their problem."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(row.pk, shortened(row.problem)) for row in rows]
