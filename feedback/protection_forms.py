"""Forms that keep a case away from those it is about, and its sender's identity closed."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from feedback.forms import LineField, UnitField, WordsField
from feedback.receiving import transfer_units
from feedback.services.opening import waiting_requests
from feedback.verb_form import VerbForm, shortened
from organizations.models import Unit


class TransferForm(VerbForm):
    """Pass the case on to another unit."""

    verb = "transfer"
    unit = UnitField(Unit.objects.none(), label=gettext_lazy("To which unit?"))
    reason = WordsField(
        label=gettext_lazy("Reason"), rows=2, help_text=gettext_lazy("The limits run on from the day of receipt.")
    )

    def prepare(self) -> None:
        """Offer the other units that handle feedback."""
        units = self.fields["unit"]
        assert isinstance(units, UnitField)
        units.queryset = transfer_units(timezone.now()).exclude(pk=self.case.unit_id)


class NameTargetForm(VerbForm):
    """Record who is complained about."""

    verb = "name_target"
    unit = UnitField(
        Unit.objects.none(),
        label=gettext_lazy("Unit complained about"),
        required=False,
        help_text=gettext_lazy("It cannot be taken back. A case handled by this unit passes to its superior at once."),
    )
    person_name = LineField(
        label=gettext_lazy("Person complained about"),
        required=False,
        help_text=gettext_lazy("The full name. Whoever bears it no longer finds the case."),
    )
    username = LineField(label=gettext_lazy("User name of the account, if known"), required=False)

    def prepare(self) -> None:
        """Offer the units in being."""
        units = self.fields["unit"]
        assert isinstance(units, UnitField)
        units.queryset = Unit.objects.filter(is_active=True)


class AskIdentityForm(VerbForm):
    """Ask to open who sent the case, with a reason that is kept."""

    verb = "ask_identity"
    reason = WordsField(
        label=gettext_lazy("Reason"),
        rows=2,
        help_text=gettext_lazy("A second person reads it and decides; it is kept with your name."),
    )


class DecideIdentityForm(VerbForm):
    """Grant or refuse the opening of an identity."""

    verb = "decide_identity"
    request = forms.TypedChoiceField(label=gettext_lazy("Which request"), coerce=int)
    is_granted = forms.TypedChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[("yes", gettext_lazy("Grant it: seen once, within 24 hours")), ("no", gettext_lazy("Refuse it"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    remark = WordsField(
        label=gettext_lazy("Remark"), required=False, rows=2, help_text=gettext_lazy("Needed when it is refused.")
    )

    def prepare(self) -> None:
        """Offer what others asked for."""
        chosen = self.fields["request"]
        assert isinstance(chosen, forms.ChoiceField)
        rows = [row for row in waiting_requests(self.case) if row.asked_by_id != self.by.pk]
        chosen.choices = [(row.pk, f"{row.asked_by}: {shortened(row.reason)}") for row in rows]


class OpenIdentityForm(VerbForm):
    """See who sent the case, once, after another person granted it."""

    verb = "open_identity"
