"""Forms of the verbs that concern limits, and of disclosure on request."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.forms import LineField, WordsField
from feedback.models import REASONED, RequestOutcome
from feedback.services.extending import extendable, most_days
from feedback.verb_form import VerbForm


class ExtendForm(VerbForm):
    """Make the running limit longer, once."""

    verb = "extend"
    working_days = forms.IntegerField(label=gettext_lazy("Working days more"), min_value=1, max_value=250)
    reason = WordsField(label=gettext_lazy("Reason"), rows=2, help_text=gettext_lazy("The sender reads it."))

    def prepare(self) -> None:
        """Say how many days are possible."""
        clock = extendable(self.case)
        most = most_days(self.case, clock) if clock else 0
        field = self.fields["working_days"]
        field.help_text = _("At most %(most)d. It is possible once, before the limit passes.") % {"most": most}
        field.widget.attrs["max"] = most


class DecideRequestForm(VerbForm):
    """Decide on a request for disclosure (S57)."""

    verb = "decide_request"
    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), choices=RequestOutcome, widget=forms.RadioSelect)
    reason = WordsField(
        label=gettext_lazy("Reason in writing"),
        required=False,
        help_text=gettext_lazy(
            "Needed for a refusal, in whole or in part, and to say what is to be completed. The sender reads it."
        ),
    )
    number = LineField(
        label=gettext_lazy("Index number"),
        required=False,
        longest=40,
        help_text=gettext_lazy("Only for what is disclosed already: the item the sender can read."),
    )

    def clean(self) -> dict[str, Any]:
        """What each outcome needs."""
        cleaned = super().clean() or {}
        if cleaned.get("outcome") in REASONED and not cleaned.get("reason"):
            self.add_error("reason", ValidationError(_("Give the reason in writing."), code="required"))
        if cleaned.get("outcome") == RequestOutcome.ALREADY and not cleaned.get("number"):
            self.add_error("number", ValidationError(_("Enter the index number of the item."), code="required"))
        return cleaned


class FulfilForm(VerbForm):
    """Hand out what was granted: words, and the released item where there is one."""

    verb = "fulfil"
    text = WordsField(
        label=gettext_lazy("Answer to the sender"),
        rows=6,
        help_text=gettext_lazy("What was asked for, or where it stands."),
    )
    number = LineField(
        label=gettext_lazy("Index number"),
        required=False,
        longest=40,
        help_text=gettext_lazy("Of the released item, where the sender can read one."),
    )
