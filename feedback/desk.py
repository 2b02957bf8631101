"""Pages beside the list of cases: everything that waits, and the two registers with their file."""

from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from feedback import access, registers, waiting
from feedback.forms import UnitField
from feedback.models import CaseKind, CaseState
from feedback.registers import Chosen, Register
from organizations.models import Unit, User
from organizations.portal_admin import person, refuse_odd_query

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def a_day() -> forms.DateInput:
    """The browser's own field for a day."""
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class RegisterForm(forms.Form):
    """What a register is narrowed to; empty is everything of this year."""

    first = forms.DateField(label=gettext_lazy("From"), required=False, widget=a_day())
    last = forms.DateField(label=gettext_lazy("Until"), required=False, widget=a_day())
    unit = UnitField(
        Unit.objects.none(), label=gettext_lazy("Unit"), required=False, empty_label=gettext_lazy("Every unit")
    )
    kind = forms.ChoiceField(label=pgettext_lazy("feedback", "Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["unit"].queryset = registers.units_for(by)  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Every kind")), *CaseKind.choices]  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("Every state")), *CaseState.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """This year, where no days are given."""
        cleaned = super().clean() or {}
        first = cleaned["first"] = cleaned.get("first") or self.today.replace(month=1, day=1)
        last = cleaned["last"] = cleaned.get("last") or max(first, self.today)
        if last < first or not 1900 <= first.year <= last.year < 9999:
            raise forms.ValidationError(_("The period ends before it begins, or lies too far away."), code="period")
        return cleaned


def waiting_page(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """Everything that waits and why, unit by unit."""
    _refuse_others(request)
    groups = waiting.groups_for(person(request), timezone.now())
    context = {
        **base,
        "title": _("Everything that waits"),
        "groups": groups,
        "cards": waiting.cards_of(groups),
        "total": sum(group.total for group in groups),
        "most": waiting.MOST,
    }
    return _private(render(request, "feedback/admin/waiting.html", context))


def register_page(request: HttpRequest, base: dict[str, Any], kind: str) -> HttpResponse:
    """One register on the screen, and on paper as it stands there."""
    register, form, chosen = _asked(request, kind)
    cases = registers.cases_for(person(request), chosen)
    rows = registers.rows_of(register, cases[: registers.SHOWN], chosen.first)
    context = {
        **base,
        "title": registers.TITLES[register],
        "register": register,
        "registers": registers.TITLES.items(),
        "form": form,
        "chosen": chosen,
        "heads": registers.heads_of(register),
        "rows": registers.as_shown(register, rows),
        "total": cases.count(),
        "shown": registers.SHOWN,
        "query": urlencode({name: value for name, value in request.GET.items() if value}),
    }
    return _private(render(request, "feedback/admin/register.html", context))


def register_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The same register as a spreadsheet."""
    register, _form, chosen = _asked(request, kind)
    from feedback import register_sheet  # openpyxl: a fifth of a second and 13 MB, for a few files a month

    cases = registers.cases_for(person(request), chosen)
    rows = islice(registers.rows_of(register, cases, chosen.first), registers.MOST)
    title = str(registers.TITLES[register])
    response = HttpResponse(register_sheet.packed(register, title, rows), content_type=XLSX)
    name = f"{register}-{chosen.first.isoformat()}-{chosen.last.isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)


def _asked(request: HttpRequest, kind: str) -> tuple[Register, RegisterForm, Chosen]:
    """Which register, narrowed to what; 400 for what the form does not offer."""
    _refuse_others(request)
    if kind not in registers.TITLES:
        raise Http404
    form = RegisterForm(request.GET, by=person(request), today=timezone.localdate())
    if not form.is_valid():
        raise BadRequest(_("The address asks for something this list does not offer."))
    shown = form.cleaned_data | {"unit": request.GET.get("unit", "")}
    fresh = RegisterForm(initial=shown, by=person(request), today=timezone.localdate())
    return Register(kind), fresh, Chosen(**form.cleaned_data)


def _refuse_others(request: HttpRequest) -> None:
    refuse_odd_query(request)
    if not access.reads_cases(person(request)):
        raise PermissionDenied


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
