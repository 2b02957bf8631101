"""The trail in the admin: read, filter, nothing else."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.access import may_read_trail
from audit.models import Event
from audit.verbs import VERBS, kind


class VerbFilter(admin.SimpleListFilter):
    """Offers the described verbs; any other value filters nothing."""

    title = _("verb")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return verbs with their sentences."""
        return sorted((verb, str(sentence)) for verb, sentence in VERBS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Keep the events of the chosen verb."""
        return queryset.filter(verb=self.value()) if self.value() in VERBS else queryset


class UnitFilter(admin.SimpleListFilter):
    """Offers the unit codes that occur; any other value filters nothing."""

    title = _("unit code")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the codes of the trail."""
        codes = Event.objects.exclude(unit_code="").order_by("unit_code").values_list("unit_code", flat=True)
        return [(code, code) for code in codes.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Keep the events of the chosen unit."""
        known = {code for code, _label in self.lookup_choices}
        return queryset.filter(unit_code=self.value()) if self.value() in known else queryset


OFFERED = {VerbFilter.parameter_name, UnitFilter.parameter_name} | {
    f"at__{part}" for part in ("gte", "lt", "year", "month", "day")
}


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Shown to whoever `AUDIT_READER` admits. The database refuses changes whatever stands here."""

    actions = None
    date_hierarchy = "at"
    list_display = ["at", "actor_label", "actor_office", "sentence", "subject", "subject_label", "unit_code"]
    list_display_links = ["at"]
    list_filter = [VerbFilter, UnitFilter, "at"]
    list_per_page = 50
    ordering = ["-at", "-pk"]
    show_full_result_count = False

    @admin.display(description=_("actor's name"))
    def actor_label(self, event: Event) -> str:
        """The name to show for who did it."""
        return event.actor_label

    @admin.display(description=_("what was done"), ordering="verb")
    def sentence(self, event: Event) -> str:
        """What was done, in the reader's language."""
        return event.sentence

    @admin.display(description=_("kind of subject"), ordering="subject_kind")
    def subject(self, event: Event) -> str:
        """What kind of thing it was done to, in the reader's language."""
        return kind(event.subject_kind)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the filters offered and nothing else: other lookups would take hostile text into the query."""
        return lookup in OFFERED

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Readers of the trail see the section."""
        return may_read_trail(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Readers of the trail see every event."""
        return may_read_trail(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes events by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Nobody changes events."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Nobody removes events."""
        return False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; a value it cannot read is a bad request, where Django would lead to the unfiltered list."""
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters as wrong:
            raise BadRequest(gettext("The address asks for something this list does not offer.")) from wrong

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """A missing event is a missing page; Django would lead to the first page with a message."""
        raise Http404
