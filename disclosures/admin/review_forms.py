"""Forms of step two: a verdict sheet, a decision entered from a document, a reason for the superior."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disclosures.admin.item_form import within_reach
from disclosures.admin.uploading import UploadForm
from disclosures.models import Aspect, Evidence, Outcome
from disclosures.models.readings import LONGEST_QUOTE
from disclosures.services.passages import PassageDraft
from disclosures.services.reviewing import EvidenceDraft, Verdicts

ANSWERS = [("yes", _("Agree")), ("no", _("Do not agree"))]
QUESTIONS = {
    Aspect.CONTENT: _("Is it true and complete, and may it be disclosed?"),
    Aspect.SCOPE: _("Are the readers and the times right?"),
    Aspect.FORM: _("Are the forms of disclosure right?"),
    Aspect.SECRECY: _("Does it keep every secret, and every detail about a person?"),
    Aspect.ACCURACY: _("Are the facts, figures and names right?"),
    Aspect.NECESSITY: _("Does this need to be disclosed, and all of it?"),
}
LONGEST = 1000  # characters of a remark
MOST_PASSAGES = 5  # remarks on passages in one decision


class VerdictSheet(forms.Form):
    """A yes or no with a remark on each aspect of the step, remarks on passages, and what follows from them."""

    most_passages = MOST_PASSAGES

    remark = forms.CharField(
        label=_("General remark"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    outcome = forms.ChoiceField(
        choices=Outcome.choices,
        error_messages={
            "required": _("Choose to approve or to return."),
            "invalid_choice": _("Choose to approve or to return."),
        },
    )

    def __init__(self, *args: Any, aspects: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aspects = list(aspects)
        for aspect in self.aspects:
            label = Aspect(aspect).label
            self.fields[aspect] = forms.ChoiceField(label=label, choices=ANSWERS, required=False)
            self.fields[f"{aspect}_remark"] = forms.CharField(label=label, max_length=LONGEST, required=False)
        for name in self._passage_names():
            quote = forms.CharField(label=_("Passage"), max_length=2 * LONGEST_QUOTE, required=False)
            self.fields[f"{name}_quote"] = quote
            self.fields[f"{name}_remark"] = forms.CharField(label=_("Remark"), max_length=LONGEST, required=False)

    def _passage_names(self) -> list[str]:
        return [f"passage_{number}" for number in range(1, self.most_passages + 1)]

    def passages(self) -> list[PassageDraft]:
        """The remarks on passages that were typed, as the service takes them."""
        values = self.cleaned_data
        typed = [PassageDraft(values[f"{n}_quote"], values[f"{n}_remark"], n) for n in self._passage_names()]
        return [draft for draft in typed if draft.quote or draft.remark]

    def passage_rows(self) -> list[dict[str, Any]]:
        """Quote and remark of each row with what was typed and what is wrong with it."""
        return [
            {
                "number": number,
                "quote": self[f"{name}_quote"],
                "remark": self[f"{name}_remark"],
                "error": " ".join([*self[f"{name}_quote"].errors, *self[f"{name}_remark"].errors]),
            }
            for number, name in enumerate(self._passage_names(), start=1)
        ]

    def has_passages(self) -> bool:
        """Whether any of these rows was filled in."""
        return any(row["quote"].value() or row["remark"].value() for row in self.passage_rows())

    def verdicts(self) -> Verdicts:
        """The answers given, as the services take them; an aspect without an answer is left out."""
        values = self.cleaned_data
        return {a: (values[a] == "yes", values[f"{a}_remark"]) for a in self.aspects if values[a]}

    def rows(self) -> list[dict[str, Any]]:
        """What `components/verdict.html` shows, with everything typed and every error."""
        return [self._row(aspect) for aspect in self.aspects]

    def _row(self, aspect: str) -> dict[str, Any]:
        errors = [*self[aspect].errors, *self[f"{aspect}_remark"].errors]
        return {
            "key": self.add_prefix(aspect),
            "label": Aspect(aspect).label,
            "question": QUESTIONS[Aspect(aspect)],
            "value": self[aspect].value() or "",
            "remark": self[f"{aspect}_remark"].value() or "",
            "error": " ".join(errors),
        }


class RecordForm(VerdictSheet, UploadForm):
    """A decision taken in a meeting or received as a document (S36, S43); passages stand in its minutes."""

    most_passages = 0

    kind = forms.ChoiceField(
        label=_("Taken"),
        choices=[(value, Evidence(value).label) for value in (Evidence.MINUTES, Evidence.DOCUMENT)],
        widget=forms.RadioSelect,
        required=True,
    )
    number = forms.CharField(label=_("Number of the minutes or document"), max_length=100)
    date = forms.DateField(
        label=_("Date of the minutes or document"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        validators=[within_reach],
    )
    decided_by_name = forms.CharField(label=_("Decided by"), max_length=100)
    office_held = forms.CharField(label=_("Office held"), max_length=100, required=False)

    evidence_fields = ("kind", "number", "date", "decided_by_name", "office_held", "file", "token")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("Scan")
        for name in self.evidence_fields:
            self.fields[name].widget.attrs.setdefault("autocomplete", "off")

    def asked(self) -> list[Any]:
        """The bound fields that say where the decision was taken."""
        return [self[name] for name in self.evidence_fields]

    def evidence(self) -> EvidenceDraft:
        """What was entered, as the service takes it; the scan has been kept before."""
        values = self.cleaned_data
        return EvidenceDraft(
            kind=values["kind"],
            number=values["number"],
            date=values["date"],
            decided_by_name=values["decided_by_name"],
            office_held=values["office_held"],
            file=self.stored,
            filename=self.stored_name,
        )


class ReasonForm(forms.Form):
    """Why the superior organisation should decide as well."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
