"""Catalogue, forms, routes and matters in the admin: read by staff, never changed in place where dates count."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CheckboxSelectMultiple, ModelForm, MultipleChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.services import record
from audit.verbs import describe, name_kinds
from disclosures import access
from disclosures.models import (
    CatalogueEntry,
    CatalogueEntryVersion,
    Category,
    FormOfDisclosure,
    Matter,
)
from disclosures.numbers import free_number
from disclosures.richtext import clean_line
from organizations import roles
from organizations.models import Level
from organizations.portal_admin import KnownRows, PortalModelAdmin, person
from organizations.roles import Ability

name_kinds({"catalogue_entry": gettext_lazy("catalogue entry"), "matter": gettext_lazy("matter")})
describe(
    {
        "catalogue.version_added": gettext_lazy("added a version of a catalogue entry"),
        "matter.created": gettext_lazy("began a matter"),
        "matter.changed": gettext_lazy("changed a matter"),
    }
)
SUGGESTED = (
    "title",
    "title_en",
    "audience",
    "levels",
    "responsible_kind",
    "vital_interest",
    "sensitive",
    "personal_data",
    "internal_lead_days",
    "notice_min_working_days",
)


class ReadByStaff(PortalModelAdmin):
    """Shown to whoever reads items or keeps the catalogue; changed by nobody here."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff who work with items."""
        return access.may_read_items(person(request)) or access.may_keep_catalogue(person(request))


class VersionForm(ModelForm):
    """A new version of an entry: levels as ticks, time limit and source carried on from the version before."""

    levels = MultipleChoiceField(label=gettext_lazy("levels"), choices=Level.choices, widget=CheckboxSelectMultiple)

    class Meta:
        model = CatalogueEntryVersion
        fields = ["entry", *SUGGESTED, "forms", "valid_from", "reason"]
        field_classes = {"forms": KnownRows}
        widgets = {"forms": CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:
            self.fields["reason"].required = True

    def clean(self) -> dict[str, Any]:
        """A version begins after the one before it, never in the past: what held stays as it was."""
        cleaned = super().clean() or {}
        begins, entry = cleaned.get("valid_from"), cleaned.get("entry")
        if begins and begins < timezone.localdate():
            self.add_error("valid_from", _("A new version begins today or later."))
        last = entry.versions.order_by("-number").first() if entry else None
        if begins and last and begins <= last.valid_from:
            self.add_error("valid_from", _("A new version begins after the one before it."))
        return cleaned


class VersionInline(admin.TabularInline):
    """The versions of an entry, newest first, to read."""

    model = CatalogueEntryVersion
    fields = ("number", "valid_from", "title", "audience", "responsible_kind", "internal_lead_days", "reason")
    readonly_fields = fields
    ordering = ["-number"]
    can_delete = False
    extra = 0
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Versions are added on their own page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What held stays as it was."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Like the entry."""
        return True


@admin.register(CatalogueEntry)
class CatalogueEntryAdmin(ReadByStaff):
    """The 58 duties with their dated versions."""

    list_display = ["__str__", "category", "is_active"]
    search_fields = ["code", "versions__title"]
    inlines = [VersionInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CatalogueEntry]:
        """With what their names need."""
        return super().get_queryset(request).select_related("category").prefetch_related("versions")


@admin.register(CatalogueEntryVersion)
class CatalogueEntryVersionAdmin(ReadByStaff):
    """A change of the catalogue is a new version from a day on; the versions before it are never edited."""

    form = VersionForm
    list_display = ["__str__", "number", "valid_from", "audience", "responsible_kind"]
    list_display_links = ["__str__"]
    search_fields = ["entry__code", "title"]
    ordering = ["entry__category__order", "entry__code", "-number"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[CatalogueEntryVersion]:
        """With the entry each belongs to."""
        return super().get_queryset(request).select_related("entry")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers of the catalogue."""
        return access.may_keep_catalogue(person(request))

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Entries with the versions their names need."""
        if db_field.name == "entry":
            kwargs["queryset"] = CatalogueEntry.objects.prefetch_related("versions")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the newest version of the entry named in the address says."""
        code = request.GET.get("entry", "")
        last = CatalogueEntryVersion.objects.filter(entry__code=code).order_by("-number").first()
        if last is None:
            return {}
        values = {name: getattr(last, name) for name in SUGGESTED}
        return {**values, "entry": last.entry_id, "forms": list(last.forms.all())}

    def save_model(self, request: HttpRequest, obj: CatalogueEntryVersion, form: Any, change: bool) -> None:
        """Number it, carry on what the form does not ask, and tell the trail."""
        last = CatalogueEntryVersion.objects.filter(entry=obj.entry).order_by("-number").first()
        obj.number = last.number + 1 if last else 1
        obj.time_limit = last.time_limit if last else {}
        obj.source, obj.source_phrase = "unit", last.source_phrase if last else ""
        obj.save(force_insert=True)
        record(
            "catalogue.version_added",
            by=person(request),
            subject_kind="catalogue_entry",
            subject_ref=obj.entry.code,
            subject_label=obj.entry.code,
            after={"number": obj.number, "valid_from": obj.valid_from, "audience": obj.audience},
            reason=obj.reason,
        )


@admin.register(Category)
class CategoryAdmin(ReadByStaff):
    """The eight categories as the plan prints them."""

    list_display = ["code", "name", "slug"]


@admin.register(FormOfDisclosure)
class FormOfDisclosureAdmin(ReadByStaff):
    """The forms of disclosure."""

    list_display = ["name", "channel", "is_active"]


class MatterForm(ModelForm):
    """The title of a matter, cleaned like that of an item: readers see both."""

    def clean_title(self) -> str:
        """One line without invisible signs; refused when nothing is left."""
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise ValidationError(_("Enter the title."), code="required")
        return title


@admin.register(Matter)
class MatterAdmin(PortalModelAdmin):
    """Matters followed before, during and after; begun by the drafters of their unit (S22)."""

    form = MatterForm
    list_display = ["number", "title", "unit"]
    list_display_links = ["title"]
    search_fields = ["number", "title"]
    fields = ["title", "unit"]
    trail_kind = "matter"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Matter]:
        """Matters of units whose items the person reads."""
        rows = super().get_queryset(request).select_related("unit")
        units = roles.units_where(person(request), Ability.READ_ITEMS)
        return rows if units is None else rows.filter(unit_id__in=units)

    def has_view_permission(self, request: HttpRequest, obj: Matter | None = None) -> bool:  # type: ignore[override]
        """Readers of the unit's items."""
        return roles.may(person(request), Ability.READ_ITEMS, obj.unit_id if obj else None)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drafters of any unit."""
        return access.units_drafted_by(person(request)).exists()

    def has_change_permission(self, request: HttpRequest, obj: Matter | None = None) -> bool:  # type: ignore[override]
        """Drafters of the matter's unit, until a revision is submitted under it: readers see the title, so it stays."""
        may_draft = obj is not None and access.may_draft_for(person(request), obj.unit)
        return may_draft and obj is not None and not obj.revisions.exists()

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Only units the person drafts for."""
        if db_field.name == "unit":
            kwargs["queryset"] = access.units_drafted_by(person(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Matter | None = None) -> list[str]:
        """A matter never moves to another unit."""
        return ["unit"] if obj else []

    def trail_ref(self, obj: Any) -> str:
        """Events name a matter by its number."""
        return str(obj.number)

    def save_model(self, request: HttpRequest, obj: Matter, form: Any, change: bool) -> None:
        """Number a new matter, and tell the trail."""
        if not change:
            obj.number = free_number(Matter, obj.unit.code, timezone.now(), mark="M")
        obj.save()
        record(
            "matter.changed" if change else "matter.created",
            by=person(request),
            subject_kind="matter",
            subject_ref=obj.number,
            subject_label=obj.number,
            unit_code=obj.unit.code,
            after={"fields": sorted(form.changed_data)},
        )
