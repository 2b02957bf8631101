"""Limits of feedback in the admin: their history, and one more row set by the office (rule 7)."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures import access as office
from disclosures.richtext import clean_line
from feedback import access
from feedback.models import CaseLimit
from feedback.services.limiting import set_limit, why_not_from
from organizations.portal_admin import PortalModelAdmin, person


class LimitForm(forms.ModelForm):
    """A limit, from which day on, and why."""

    class Meta:
        model = CaseLimit
        fields = ["step", "working_days", "valid_from", "reason"]
        widgets = {"valid_from": forms.DateInput({"type": "date"})}

    def clean_valid_from(self) -> Any:
        """A day to come: cases that are here keep their limit."""
        refusal = why_not_from(self.cleaned_data["valid_from"], timezone.now())
        if refusal:
            raise forms.ValidationError(refusal, code="past")
        return self.cleaned_data["valid_from"]

    def clean_reason(self) -> str:
        """One line without invisible signs."""
        reason = clean_line(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(_("Give the reason."), code="required")
        return reason


class CaseLimitAdmin(PortalModelAdmin):
    """Read by whoever reads cases; a row is added by keepers of the catalogue, and none is ever changed."""

    form = LimitForm
    list_display = ["step", "working_days", "valid_from", "reason", "set_at", "set_by"]
    list_select_related = ["set_by"]
    trail_kind = "case_limit"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff who read cases, and the office."""
        return access.reads_cases(person(request)) or office.may_keep_catalogue(person(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers of the catalogue."""
        return office.may_keep_catalogue(person(request))

    def trail_ref(self, obj: Any) -> str:
        """Events name a limit by what it is for."""
        return str(obj.step)

    def save_model(self, request: HttpRequest, obj: CaseLimit, form: Any, change: bool) -> None:
        """Set the limit through its service."""
        obj.pk = set_limit(by=person(request), **form.cleaned_data).pk
