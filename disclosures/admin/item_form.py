"""The form of a working copy, grouped as a clerk thinks; it cleans and shapes, a service saves."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from disclosures.models import CatalogueEntry, CatalogueEntryVersion, FormOfDisclosure, Item, Matter
from disclosures.richtext import body_field
from organizations.models import Unit, UnitKind
from organizations.portal_admin import KnownRows

OPENINGS = ("planned_internal_from", "planned_internal_until", "planned_public_from", "planned_public_until")
DAYS = ("issued_on", "occurred_on", "period_from", "period_until")
RELATIONS = ("forms", "branches")
FLAGS = ("vital_interest", "sensitive")
YEARS = (1900, 2199)


@dataclass(frozen=True)
class Part:
    """One group of the form."""

    key: str
    title: str | Promise
    lead: str | Promise
    names: tuple[str, ...]


PARTS = (
    Part("entry", gettext_lazy("Catalogue entry"), "", ("entry", "section")),
    Part(
        "text",
        gettext_lazy("Text"),
        "",
        ("title", "document_number", "issued_on", "basis", "body"),
    ),
    Part("attachments", gettext_lazy("Attachments"), "", ()),
    Part(
        "scope",
        gettext_lazy("Who may read it, from when"),
        gettext_lazy("Inside the Party first, to the public later. Empty times mean: as soon as it is approved."),
        ("audience", "branches", *OPENINGS),
    ),
    Part("forms", gettext_lazy("Forms of disclosure"), "", ("forms",)),
    Part(
        "matter",
        gettext_lazy("Matter, event and period"),
        gettext_lazy("Only where the item belongs to a longer matter, or tells of an event or period."),
        ("matter", "phase", "occurred_on", "period_from", "period_until"),
    ),
    Part("weight", gettext_lazy("Weight"), "", (*FLAGS, "is_focus", "focus_reason", "is_backfilled")),
    Part(
        "correction",
        gettext_lazy("Correction"),
        gettext_lazy("Readers see this sentence beside the corrected text."),
        ("change_note",),
    ),
)


def within_reach(value: date) -> None:
    """Refuse years that no document of this portal has and no database takes."""
    if not YEARS[0] <= value.year <= YEARS[1]:
        raise ValidationError(
            _("Enter a year from %(first)d to %(last)d.") % {"first": YEARS[0], "last": YEARS[1]}, code="year"
        )


class ItemForm(forms.ModelForm):
    """Everything a drafter writes, except attachments; nothing is required, for an incomplete draft can be saved."""

    body = body_field(label=gettext_lazy("Body"))

    class Meta:
        model = Item
        fields = [name for part in PARTS for name in part.names]
        field_classes = {"forms": KnownRows, "branches": KnownRows}
        widgets = {
            **{name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in DAYS},
            **{
                name: forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
                for name in OPENINGS
            },
            "forms": forms.CheckboxSelectMultiple,
            "branches": forms.CheckboxSelectMultiple,
            "basis": forms.Textarea(attrs={"rows": 2}),
            "change_note": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "entry": gettext_lazy("It decides the category, and suggests scope, forms and weight."),
            "document_number": gettext_lazy("As printed, such as 岳文广新党字〔2012〕3号; empty if there is none."),
            "basis": gettext_lazy("The document or rule this disclosure rests on."),
            "branches": gettext_lazy("Choose none, and members of every branch may read it."),
            "sensitive": gettext_lazy("Then the superior organisation decides as well."),
            "is_focus": gettext_lazy("Shown first on the board."),
            "is_backfilled": gettext_lazy("Disclosed elsewhere in the past; left out of on-time figures."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._narrow_entries()
        matters = Matter.objects.filter(unit=self.instance.unit)
        self.fields["matter"].queryset = matters  # type: ignore[attr-defined]
        self.fields["matter"].widget.can_add_related = False
        self.fields["forms"].label_from_instance = _form_label  # type: ignore[attr-defined]
        active = FormOfDisclosure.objects.filter(is_active=True)
        self.fields["forms"].queryset = active  # type: ignore[attr-defined]
        self._narrow_sections()
        for name in (*DAYS, *OPENINGS):
            self.fields[name].validators.append(within_reach)
        if not (self.instance.pk and self.instance.releases.exists()):
            del self.fields["change_note"]

    def _narrow_entries(self) -> None:
        """Offer the entries that are duties of this unit's level, by category; keep the one chosen before."""
        entries = list(entries_for(self.instance.unit, keep=self.instance.entry_id))
        field: Any = self.fields["entry"]
        field.queryset = CatalogueEntry.objects.filter(pk__in=[entry.pk for entry in entries])
        groups: dict[str, list[tuple[int, str]]] = {}
        for entry in entries:
            groups.setdefault(entry.category.label, []).append((entry.pk, str(entry)))
        field.choices = [("", _("Not chosen yet")), *groups.items()]

    def _narrow_sections(self) -> None:
        """Offer the sections below the unit; leave the question out where there is none."""
        field: Any = self.fields["section"]
        below = Q(parent_id=self.instance.unit_id, kind=UnitKind.SECTION, is_active=True)
        field.queryset = Unit.objects.filter(below | Q(pk=self.instance.section_id))
        field.empty_label = _("No section in particular")
        if not field.queryset.exists():
            del self.fields["section"]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The groups with their bound fields, for the template."""
        return [
            {"key": part.key, "title": part.title, "lead": part.lead, "fields": self._bound(part)}
            for part in PARTS
            if part.key == "attachments" or self._bound(part)
        ]

    def _bound(self, part: Part) -> list[BoundField]:
        return [self[name] for name in part.names if name in self.fields]

    def content(self) -> dict[str, Any]:
        """The cleaned values as the service `save` takes them."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in RELATIONS}
        values["phase"] = values.get("phase") or ""
        return {"fields": values, **{name: list(self.cleaned_data[name]) for name in RELATIONS}}


def entries_for(unit: Unit, keep: int | None = None) -> list[CatalogueEntry]:
    """Active entries that are duties of the unit's level today, in order of the catalogue, and the one to keep."""
    today = timezone.localdate()
    rows = CatalogueEntry.objects.select_related("category").prefetch_related("versions")
    return [row for row in rows if row.pk == keep or (row.is_active and _is_duty(row, unit, today))]


def _is_duty(entry: CatalogueEntry, unit: Unit, today: date) -> bool:
    version = entry.version_on(today)
    return version is not None and unit.level in version.levels


def _form_label(form: FormOfDisclosure) -> str:
    return f"{form.label} · {form.get_channel_display()}"


def suggested(version: CatalogueEntryVersion) -> dict[str, Any]:
    """Initial values of a draft for this version of an entry."""
    return {
        "entry": version.entry_id,
        "audience": version.audience,
        "forms": list(version.forms.values_list("pk", flat=True)),
        "vital_interest": version.vital_interest,
        "sensitive": version.sensitive,
    }


def take_over(data: Any, version: CatalogueEntryVersion) -> None:
    """Write into a sent form what the entry suggests; everything else stays as typed."""
    wanted = suggested(version)
    data["audience"] = wanted["audience"]
    data.setlist("forms", [str(pk) for pk in wanted["forms"]])
    for flag in FLAGS:
        data.pop(flag, None)
        if wanted[flag]:
            data[flag] = "on"


def filled(item: Item) -> ItemForm:
    """A bound form that holds exactly what `item` holds, so that problems can be shown beside its fields."""
    blank = ItemForm(instance=item)
    form = ItemForm({name: blank[name].value() for name in blank.fields}, instance=item)
    form.is_valid()
    return form
