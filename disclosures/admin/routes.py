"""Review routes in the admin: edited by keepers of the catalogue; reviews under way keep theirs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F
from django.forms import BaseInlineFormSet, CheckboxSelectMultiple, ModelForm, MultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.services import record
from audit.verbs import describe, name_kinds
from disclosures import access
from disclosures.admin.catalogue import ReadByStaff
from disclosures.models import Aspect, Route, Stage
from disclosures.richtext import clean_line
from disclosures.route_rules import problems_of
from organizations.models import Role
from organizations.portal_admin import person
from organizations.roles import TABLE, Ability

name_kinds({"route": _("review route")})
describe({"route.changed": _("changed a review route")})
DECIDING = [(str(role), Role(role).label) for role, row in TABLE.items() if Ability.DECIDE in row.own]
TOLD = (
    "order",
    "name",
    "deciding_unit",
    "unit_kind",
    "roles",
    "rule",
    "quorum",
    "chair_roles",
    "aspects",
    "limit_working_days",
)
BEYOND = 1000  # added to the orders while stages change places


class RouteForm(ModelForm):
    """The name of a route, and why it is changed."""

    reason = forms.CharField(label=_("Reason for the change"), max_length=300)

    class Meta:
        model = Route
        fields = ["name", "name_en"]

    def clean_reason(self) -> str:
        """One line without invisible signs."""
        reason = clean_line(self.cleaned_data["reason"])
        if not reason:
            raise forms.ValidationError(_("Give the reason."), code="required")
        return reason


class StageForm(ModelForm):
    """One stage: who, how many, on which aspects."""

    roles = MultipleChoiceField(label=_("roles"), choices=DECIDING, widget=CheckboxSelectMultiple)
    chair_roles = MultipleChoiceField(
        label=_("roles of the chair"), choices=DECIDING, widget=CheckboxSelectMultiple, required=False
    )
    aspects = MultipleChoiceField(label=_("aspects"), choices=Aspect.choices, widget=CheckboxSelectMultiple)

    class Meta:
        model = Stage
        fields = (*TOLD, "name_en", "takes_evidence")


class StageFormSet(BaseInlineFormSet):
    """The stages of a route, judged together."""

    def clean(self) -> None:
        """Refuse a route that could leave an item with nobody to decide, or an aspect unexamined."""
        super().clean()
        if any(self.errors):
            return
        kept = [f.instance for f in self.forms if f not in self.deleted_forms and (f.instance.pk or f.has_changed())]
        problems = problems_of(self.instance.kind, sorted(kept, key=lambda stage: stage.order))
        if problems:
            raise forms.ValidationError([str(problem) for problem in problems])


class StageInline(admin.StackedInline):
    """The stages of a route, in order."""

    model = Stage
    form = StageForm
    formset = StageFormSet
    fields = (
        ("order", "name", "name_en"),
        ("deciding_unit", "unit_kind"),
        "roles",
        ("rule", "quorum"),
        "chair_roles",
        "aspects",
        ("limit_working_days", "takes_evidence"),
    )
    extra = 0
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Like the route."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keepers of the catalogue."""
        return access.may_keep_catalogue(person(request))

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


@admin.register(Route)
class RouteAdmin(ReadByStaff):
    """The review routes: who decides, in which order (S36, S37, S43)."""

    form = RouteForm
    list_display = ["name", "kind", "version"]
    inlines = [StageInline]
    trail_kind = "route"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keepers of the catalogue."""
        return access.may_keep_catalogue(person(request))

    def trail_ref(self, obj: Any) -> str:
        """Events name a route by its code."""
        return str(obj.code)

    def save_model(self, request: HttpRequest, obj: Route, form: Any, change: bool) -> None:
        """Lock the row and raise its version: two changes at once come one after the other."""
        locked = Route.objects.select_for_update().get(pk=obj.pk)
        obj.version = locked.version + 1
        obj.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store every stage, whatever places they changed, and tell what was before and what is now."""
        route: Route = form.instance
        before = _told(route)
        for formset in formsets:
            Stage.objects.filter(route=route).update(order=F("order") + BEYOND)
            formset.save(commit=False)
            Stage.objects.filter(pk__in=[stage.pk for stage in formset.deleted_objects]).delete()
            for part in formset.forms:
                if part not in formset.deleted_forms and (part.instance.pk or part.has_changed()):
                    part.instance.save()
        record(
            "route.changed",
            by=person(request),
            subject_kind="route",
            subject_ref=route.code,
            subject_label=route.name,
            before={"version": route.version - 1, "stages": before},
            after={"version": route.version, "stages": _told(route)},
            reason=form.cleaned_data["reason"],
        )


def _told(route: Route) -> list[dict[str, Any]]:
    return list(Stage.objects.filter(route=route).order_by("order").values(*TOLD, "takes_evidence"))
