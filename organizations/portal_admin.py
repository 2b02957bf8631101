"""The ModelAdmin every room extends: rights from the table of roles, and the side doors of Django's admin closed."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organizations.models import User

LONGEST_PARAMETER = 300  # characters of one value in a query string
read_only = method_decorator(require_safe)
read_and_write = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


def person(request: HttpRequest) -> User:
    """Who is behind the admin's door; nobody anonymous passes it."""
    return cast(User, request.user)


class KnownRows(ModelMultipleChoiceField):
    """Several rows by their keys; a key no database holds is refused like an unknown one."""

    def clean(self, value: Any) -> Any:
        """The rows; refuses what is no key at all."""
        for key in value if isinstance(value, list | tuple) else ():
            if not (str(key).isascii() and str(key).isdigit() and len(str(key)) < 18):
                raise ValidationError(self.error_messages["invalid_pk_value"], "invalid_pk_value", {"pk": key})
        return super().clean(value)


class Offered(admin.SimpleListFilter):
    """A filter with a list of its own: any other value is refused instead of reaching the query."""

    def value(self) -> str | None:
        """The chosen value; `IncorrectLookupParameters` for one that was never offered."""
        value = super().value()
        if value is not None and value not in {str(key) for key, _label in self.lookup_choices}:
            raise IncorrectLookupParameters
        return value


class PortalModelAdmin(admin.ModelAdmin):
    """Nobody may do anything until a subclass says who; nothing depends on `is_superuser`.

    `trail_kind` names the subject kind of the model's events; without one there is no history page.
    """

    actions = None
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    view_on_site = False
    save_as = False
    trail_kind = ""

    def get_urls(self) -> list[URLPattern]:
        """The named pages; without Django's old nameless one, which leads from any key to the page of a row."""
        return [page for page in super().get_urls() if page.name]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The section is shown to whoever may look at its list."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody; a subclass asks `roles.may`."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody; a subclass asks `roles.may`."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody; a subclass asks `roles.may`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted in the admin: people go out of office, items are discarded or withdrawn."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Nothing exists for whoever may not look: hidden and missing rows answer alike (P4)."""
        rows = super().get_queryset(request)
        return rows if self.has_view_permission(request) else rows.none()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters offered; other lookups would take hostile text into the query."""
        return lookup in {getattr(offered, "parameter_name", offered) for offered in self.list_filter}

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """Only the primary key."""
        return to_field == self.opts.pk.name

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Search as Django does, for terms a database can take; used by lists and autocomplete alike."""
        refuse_odd_text(search_term)
        return super().get_search_results(request, queryset, search_term)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list; parameters it does not know are a bad request, not a redirect."""
        try:
            return super().get_changelist_instance(request)
        except IncorrectLookupParameters as wrong:
            raise BadRequest(_("The address asks for something this list does not offer.")) from wrong

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing is prefilled from the address."""
        return {}

    @read_only
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; it takes no POST, for there are no bulk actions."""
        refuse_odd_query(request)
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    @read_and_write
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form to add or change one row, without Django's way of saving a copy (P9)."""
        refuse_odd_query(request)
        if "_saveasnew" in request.POST:
            raise BadRequest(_("Copies are not made this way."))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The form; 400 when it comes back with errors."""
        response = super().render_change_form(request, context, *args, **kwargs)
        if context.get("errors"):
            response.status_code = HTTPStatus.BAD_REQUEST
        return response

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """There is no such page."""
        raise Http404

    @read_only
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The timeline of our own trail, for whoever may see the row."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.trail_kind or not self.has_view_permission(request, obj):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(obj),
            "opts": self.opts,
            "object": obj,
            "trail_kind": self.trail_kind,
            "trail_ref": self.trail_ref(obj),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)

    def trail_ref(self, obj: Model) -> str:
        """The reference under which events name `obj`."""
        return str(obj.pk)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Django's own log is not kept: the trail is."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Django's own log is not kept: the trail is."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> Any:
        """Django's own log is not kept: the trail is."""

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Hidden and missing rows answer alike, with 404 (P7, P8)."""
        raise Http404


class SubjectAdmin(PortalModelAdmin):
    """Rows that events and notices know by a `uid`: items, cases. Hidden and missing answer alike, with 404."""

    def trail_ref(self, obj: Any) -> str:
        """Events name the row by its uid."""
        return str(obj.uid)

    def readable(self, request: HttpRequest, **which: Any) -> Any:
        """The row this person reads; Http404 for any other."""
        try:
            return self.get_queryset(request).get(**which)
        except (self.model.DoesNotExist, OverflowError):
            raise Http404 from None

    @read_only
    def by_uid_view(self, request: HttpRequest, uid: UUID) -> HttpResponse:
        """Lead from a notice or event to the row's own page."""
        row = self.readable(request, uid=uid)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)


def refuse_odd_query(request: HttpRequest) -> None:
    """Raise BadRequest for NUL or very long values in the address; a database would stumble over them."""
    for key, values in request.GET.lists():
        for text in (key, *values):
            refuse_odd_text(text, LONGEST_PARAMETER * 10 if key == "_changelist_filters" else LONGEST_PARAMETER)


def refuse_odd_text(text: str, longest: int = LONGEST_PARAMETER) -> None:
    """Raise BadRequest for text that holds NUL or is longer than `longest` characters."""
    if "\0" in text or len(text) > longest:
        raise BadRequest(_("The address holds signs that cannot be searched for."))
