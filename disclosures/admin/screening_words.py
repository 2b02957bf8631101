"""The list of words that screening points out, kept by the keepers of the catalogue; every change is told."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.services import record
from audit.verbs import describe, name_kinds
from disclosures import access
from disclosures.models import ScreeningWord
from disclosures.richtext import clean_line
from organizations.portal_admin import PortalModelAdmin, person

name_kinds({"screening_word": gettext_lazy("screening word")})
describe(
    {
        "screening_word.added": gettext_lazy("added a screening word"),
        "screening_word.changed": gettext_lazy("changed a screening word"),
    }
)


class WordForm(ModelForm):
    """A word of at least two signs: a single one would stand in every text."""

    def clean_word(self) -> str:
        """One line without invisible signs."""
        word = clean_line(self.cleaned_data["word"])
        if len(word) < 2:
            raise ValidationError(_("Enter at least two characters."), code="too_short")
        return word


@admin.register(ScreeningWord)
class ScreeningWordAdmin(PortalModelAdmin):
    """Words are taken out of use, never deleted: earlier findings name them."""

    form = WordForm
    list_display = ["word", "note", "is_active"]
    search_fields = ["word", "note"]
    fields = ["word", "note", "is_active"]
    trail_kind = "screening_word"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff who work with items."""
        return access.may_read_items(person(request)) or access.may_keep_catalogue(person(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers of the catalogue."""
        return access.may_keep_catalogue(person(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keepers of the catalogue."""
        return access.may_keep_catalogue(person(request))

    def save_model(self, request: HttpRequest, obj: ScreeningWord, form: Any, change: bool) -> None:
        """Save it and tell the trail."""
        obj.save()
        record(
            "screening_word.changed" if change else "screening_word.added",
            by=person(request),
            subject_kind="screening_word",
            subject_ref=str(obj.pk),
            subject_label=obj.word,
            after={"word": obj.word, "is_active": obj.is_active},
        )
