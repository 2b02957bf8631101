"""Disclosure items in the admin: the list, and the door to the pages of drafting."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from disclosures import access, uploads
from disclosures.admin import autosave, backfill, copying, drafting, redacting, remarks, word
from disclosures.admin.item_record import ASKED, WITH_REASON
from disclosures.admin.paper import listed
from disclosures.admin.pictures import item_thumbnail
from disclosures.admin.preview import preview
from disclosures.admin.receiving import receive_file
from disclosures.admin.refusals import status_of
from disclosures.admin.urgency import RedactionFilter, UrgencyFilter, flagged, urgency_sign
from disclosures.models import Category, Item, ReviewStep
from disclosures.models.items import ItemState
from disclosures.models.reviews import StepState
from disclosures.refusal import Refused
from disclosures.services import perform, why_not
from disclosures.workflow import TRANSITIONS
from organizations.models import Unit
from organizations.portal_admin import Offered, SubjectAdmin, person, read_and_write, refuse_odd_query

SIGNS = {
    ItemState.DRAFT: "none",
    ItemState.IN_REVIEW: "wait",
    ItemState.RETURNED: "stop",
    ItemState.APPROVED: "ok",
    ItemState.DISCARDED: "none",
}


class StateFilter(Offered):
    """Items in one state."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state."""
        return [(str(value), str(label)) for value, label in ItemState.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """Items in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class HandFilter(Offered):
    """Items the person has written on."""

    title = gettext_lazy("written by")
    parameter_name = "hand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Only one's own."""
        return [("mine", _("Me"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """Items this person saved or submitted."""
        return queryset.filter(contributors__user=person(request)) if self.value() else queryset


class SectionFilter(Offered):
    """Drafts of the sections in which the person is appointed."""

    title = gettext_lazy("drafting section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One's own, where there is one."""
        return [("mine", _("My section"))] if access.sections_of(person(request)) else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """Items drafted in a section of this person (S32)."""
        return queryset.filter(section__in=access.sections_of(person(request))) if self.value() else queryset


class UnitFilter(Offered):
    """Items of one of the units the person reads."""

    title = gettext_lazy("disclosing unit")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Units that have items this person reads."""
        units = Unit.objects.filter(pk__in=access.items_readable_by(person(request)).values("unit"))
        return [(unit.code, unit.label) for unit in units]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """Items of the chosen unit."""
        return queryset.filter(unit__code=self.value()) if self.value() else queryset


class CategoryFilter(Offered):
    """Items of one of the eight categories."""

    title = gettext_lazy("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All categories."""
        return [(category.code, category.label) for category in Category.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        """Items whose entry belongs to the chosen category."""
        return queryset.filter(entry__category__code=self.value()) if self.value() else queryset


@admin.register(Item)
class ItemAdmin(SubjectAdmin):
    """Drafters see and edit the items of their units, other staff read what their role lets them read (S30)."""

    list_display = ["title_shown", "unit", "entry_shown", "state_shown", "updated_at", "waits_at"]
    list_display_links = ["title_shown"]
    list_filter = [StateFilter, HandFilter, SectionFilter, UrgencyFilter, RedactionFilter, UnitFilter, CategoryFilter]
    search_fields = ["title", "number", "document_number"]
    search_help_text = gettext_lazy("Title, index number or document number")
    trail_kind = "item"

    def has_view_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:  # type: ignore[override]
        """Whoever holds READ_ITEMS, in the item's unit."""
        user = person(request)
        return access.may_read_items(user) if obj is None else access.may_read_item(user, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drafters of a disclosing unit."""
        return access.units_drafted_by(person(request)).exists()

    def has_change_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:  # type: ignore[override]
        """Drafters of the item's unit; the state is the service's to judge."""
        return obj is not None and access.may_edit_item(person(request), obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Item]:
        """Items this person reads; nothing else exists for them."""
        waiting = ReviewStep.objects.filter(state=StepState.OPEN).select_related("unit")
        rows = access.items_readable_by(person(request)).select_related("unit", "entry", "entry_version")
        return flagged(rows).prefetch_related(Prefetch("current_revision__steps", waiting, to_attr="waiting"))

    def get_urls(self) -> list[URLPattern]:
        """The pages of Django's admin, and the verbs and files of an item."""
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:verb>/", wrap(self.act_view), name="disclosures_item_act"),
            path("<int:pk>/remark/", wrap(self.remark_view), name="disclosures_item_remark"),
            path("<int:pk>/redact/", wrap(self.redact_view), name="disclosures_item_redact"),
            path("<int:pk>/files/<uuid:uid>/", wrap(self.file_view), name="disclosures_item_file"),
            path(
                "<int:pk>/files/<uuid:uid>/thumbnails/<int:box>/",
                wrap(self.thumbnail_view),
                name="disclosures_item_thumbnail",
            ),
            path("autosave/", wrap(autosave.autosave_page), name="disclosures_item_autosave"),
            path("import/", wrap(word.import_page), name="disclosures_item_import"),
            path("backfill/", wrap(backfill.backfill_page), name="disclosures_item_backfill"),
            path("copy/", wrap(copying.copy_page), name="disclosures_item_copy"),
            path("<int:pk>/preview/", wrap(self.preview_view), name="disclosures_item_preview"),
            path("upload/", wrap(receive_file), name="disclosures_item_upload"),
            path("by-uid/<uuid:uid>/", wrap(self.by_uid_view), name="disclosures_item_by_uid"),
        ]
        return own + super().get_urls()

    @read_and_write
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Our own pages of drafting in place of Django's form, which would save without a service."""
        refuse_odd_query(request)
        if object_id is None:
            return drafting.begin(request)
        item = self.get_object(request, unquote(object_id))
        if item is None:
            raise Http404
        return drafting.show(request, item)

    def act_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Ask before a verb (GET), carry it out (POST)."""
        return act(request, self.readable(request, pk=pk), verb)

    def remark_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Internal remarks of an item, for whoever reads it."""
        return remarks.remarks_page(request, self.readable(request, pk=pk))

    def redact_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mend a leak after publication, for whoever may withdraw the item."""
        return redacting.redact_page(request, self.readable(request, pk=pk))

    def file_view(self, request: HttpRequest, pk: int, uid: UUID) -> HttpResponseBase:
        """A file of the working copy, for whoever reads the item."""
        return download(request, self.readable(request, pk=pk), uid)

    def thumbnail_view(self, request: HttpRequest, pk: int, uid: UUID, box: int) -> HttpResponseBase:
        """The small copy of an image of the working copy, for whoever reads the item."""
        return item_thumbnail(request, self.readable(request, pk=pk), uid, box)

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def title_shown(self, item: Item) -> str:
        """The title, or that there is none yet."""
        return str(item)

    @admin.display(description=gettext_lazy("entry"), ordering="entry__code")
    def entry_shown(self, item: Item) -> str:
        """Code of the entry; its content is long and stands on the page."""
        return item.entry.code if item.entry else ""

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, item: Item) -> str:
        """The state as a word with a sign."""
        context = {"kind": SIGNS[ItemState(item.state)], "label": item.get_state_display()}
        return format_html("{}{}", render_to_string("components/badge.html", context), urgency_sign(item))

    @method_decorator(require_safe)
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The working copy as a reader would see it at an instant."""
        item = self.readable(request, pk=pk)
        return preview(request, item, lambda row: drafting.file_address(item, row.uid))

    @admin.display(description=gettext_lazy("waits at"))
    def waits_at(self, item: Item) -> str:
        """The open step of its review."""
        if item.state != ItemState.IN_REVIEW or item.current_revision is None:
            return ""
        return listed(step.label for step in item.current_revision.waiting)  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, item: Item, verb: str) -> HttpResponse:
    """One verb of an item: a page that says what will happen, then the service."""
    if verb not in ASKED:
        raise Http404
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            payload = {"reason": drafting.reason_of(request)} if verb in WITH_REASON else {}
            perform(verb, item=item, by=person(request), expected_version=_version(request), **payload)
        except Refused as no:
            refusal = no
        else:
            messages.success(request, _("Done: %(verb)s.") % {"verb": TRANSITIONS[verb].label})
            return redirect("admin:disclosures_item_change", item.pk)
    return ask(request, item, verb, refusal)


def ask(request: HttpRequest, item: Item, verb: str, refusal: Refused | None) -> HttpResponse:
    """The page before a verb, or after its refusal with the reason still typed."""
    item = Item.objects.select_related("unit").get(pk=item.pk)
    context = {
        "title": TRANSITIONS[verb].label,
        "item": item,
        "verb": verb,
        "what": WHAT_HAPPENS[verb],
        "asks_reason": verb in WITH_REASON,
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "why_not": why_not(verb, item=item, by=person(request)),
    }
    return drafting.page(request, "admin/item/act.html", context, status_of(refusal) if refusal else 200)


WHAT_HAPPENS = {
    "recall": gettext_lazy("The review ends undecided, and the draft can be changed again."),
    "correct": gettext_lazy(
        "The working copy opens for a correction. Readers keep the present text until the new one is approved."
    ),
    "urge": gettext_lazy(
        "The revision under review opens inside the Party at once, and to the public as planned. Its review goes on"
        " without you: approval confirms it, a return withdraws it at that instant. The staff see that it is urgent."
    ),
    "withdraw": gettext_lazy("Readers can no longer open it from this moment; they are told that it was withdrawn."),
    "confirm_redaction": gettext_lazy(
        "You have looked at the masked text and find that nothing is left of what had leaked. The flag goes."
    ),
    "discard": gettext_lazy("The draft is given up. An item that was disclosed goes back to its approved text."),
}


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@require_safe
def download(request: HttpRequest, item: Item, uid: UUID) -> HttpResponseBase:
    """A file of the working copy as a download."""
    row = item.attachments.select_related("file").filter(uid=uid).first()
    if row is None:
        raise Http404
    return uploads.sent(row.file.sha256, row.filename, row.file.content_type)
