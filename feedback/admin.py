"""Cases in the admin: the list, what is due first, and the doors to the page of a case; edges that decide nothing."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from disclosures import uploads
from disclosures.limits import Standing
from feedback import access, case_page, desk, entering, following, satisfaction, waiting
from feedback.case_filters import DueFilter, HandFilter
from feedback.counting import sign_of
from feedback.limit_admin import CaseLimitAdmin
from feedback.models import ENDED, Case, CaseLimit, CaseState, Proof
from feedback.staff_forms import FORMS
from organizations.models import Unit
from organizations.portal_admin import Offered, SubjectAdmin, read_only, refuse_odd_query

SIGNS = {CaseState.VERIFIED: "ok", CaseState.CLOSED: "ok", CaseState.DECLINED: "stop", CaseState.RECEIVED: "focus"}


class StateFilter(Offered):
    """Cases in one state."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state."""
        return [(str(value), str(label)) for value, label in CaseState.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Cases in the chosen state."""
        return queryset.filter(state=self.value()) if self.value() else queryset


class UnitFilter(Offered):
    """Cases of one unit."""

    title = gettext_lazy("handling unit")
    parameter_name = "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Units that have cases this person reads."""
        units = Unit.objects.filter(pk__in=access.readable_by(request.user).order_by().values("unit"))  # type: ignore[arg-type]
        return [(unit.code, unit.label) for unit in units]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Cases of the chosen unit."""
        return queryset.filter(unit__code=self.value()) if self.value() else queryset


class WorkList(ChangeList):
    """The list of cases, each with its standing: one query for the calendar, however many rows there are."""

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page, then how they stand."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        known = waiting.standings(self.result_list, timezone.now())
        for case in self.result_list:
            case.standing = known.get(case.pk)


@admin.register(Case)
class CaseAdmin(SubjectAdmin):
    """Whoever handles or reads a unit's feedback sees its cases, never who sent them (P29)."""

    list_display = ["number", "due", "state_shown", "kind", "unit", "arrived", "item_number"]
    list_filter = [DueFilter, HandFilter, StateFilter, UnitFilter]
    change_list_template = "feedback/admin/case_list.html"
    search_fields = ["number", "item__number"]
    search_help_text = gettext_lazy("Case number or index number of the item")
    trail_kind = "case"

    def has_view_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:  # type: ignore[override]
        """Whoever handles or reads, in the case's unit, or in a unit that has something to put right."""
        if obj is None:
            return access.reads_cases(request.user)  # type: ignore[arg-type]
        return access.readable_by(request.user).filter(pk=obj.pk).exists()  # type: ignore[arg-type]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """Cases this person reads; nothing else exists for them."""
        has_ended = ExpressionWrapper(Q(state__in=ENDED), output_field=BooleanField())
        rows = access.readable_by(request.user).annotate(has_ended=has_ended)  # type: ignore[arg-type]
        return rows.select_related("unit", "item", "clock")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that knows how each case stands to its limit."""
        return WorkList

    def get_ordering(self, request: HttpRequest) -> list[str | Combinable]:
        """What waits comes first: by what is due, overdue on top; then what waits longest."""
        return ["has_ended", *waiting.BY_DUE]

    def get_urls(self) -> list[URLPattern]:
        """The pages of Django's admin, and the verbs and proofs of a case."""
        wrap = self.admin_site.admin_view
        own = [
            path("enter/", wrap(self.enter_view), name="feedback_case_enter"),
            path("<int:pk>/files/<int:order>/", wrap(self.file_view), name="feedback_case_file"),
            path("<int:pk>/do/<slug:verb>/", wrap(self.act_view), name="feedback_case_act"),
            path("<int:pk>/proofs/<int:proof>/", wrap(self.proof_view), name="feedback_case_proof"),
            path("waiting/", wrap(self.waiting_view), name="feedback_case_waiting"),
            path("registers/<slug:kind>/", wrap(self.register_view), name="feedback_case_register"),
            path("registers/<slug:kind>.xlsx", wrap(self.register_file_view), name="feedback_case_register_file"),
            path("by-uid/<uuid:uid>/", wrap(self.by_uid_view), name="feedback_case_by_uid"),
        ]
        return own + super().get_urls()

    @read_only
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Our own page in place of Django's form, which would save without a service."""
        refuse_odd_query(request)
        case = self.get_object(request, admin.utils.unquote(object_id)) if object_id else None
        if case is None:
            raise Http404
        return case_page.page(request, self.base(request), case)

    def act_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One verb, by POST only."""
        if verb not in FORMS:
            raise Http404
        return case_page.act(request, self.base(request), self.readable(request, pk=pk), verb)

    def proof_view(self, request: HttpRequest, pk: int, proof: int) -> HttpResponse:
        """The file of a proof, for whoever reads the case."""
        return download(request, self.readable(request, pk=pk), proof)

    @read_only
    def waiting_view(self, request: HttpRequest) -> HttpResponse:
        """Everything that waits and why."""
        return desk.waiting_page(request, self.base(request))

    @read_only
    def register_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """One of the two registers."""
        return desk.register_page(request, self.base(request), kind)

    @read_only
    def register_file_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """A register as a spreadsheet."""
        return desk.register_file(request, kind)

    def enter_view(self, request: HttpRequest) -> HttpResponse:
        """Enter an opinion that came by another way than the form."""
        return entering.page(request, self.base(request))

    def file_view(self, request: HttpRequest, pk: int, order: int) -> HttpResponse:
        """A file of the sender, for whoever reads the case."""
        return sent_file(request, self.readable(request, pk=pk), order)

    @read_only
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with the door to enter an opinion, and below it what senders said of the answers."""
        user = request.user
        shown = {
            "may_enter": access.handles_any(user),  # type: ignore[arg-type]
            "satisfaction": satisfaction.by_unit(access.readable_by(user)),  # type: ignore[arg-type]
        }
        return super().changelist_view(request, {**(extra_context or {}), **shown})

    def base(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the admin knows."""
        return {**self.admin_site.each_context(request), "opts": self.opts}

    @admin.display(description=gettext_lazy("limit"), ordering="clock__due_at")
    def due(self, case: Case) -> str:
        """How it stands to the limit that runs: a word with a sign."""
        standing: Standing | None = getattr(case, "standing", None)
        if standing is None:
            return ""
        badge = {"kind": sign_of(standing), "label": standing.words}
        return render_to_string("components/badge.html", badge)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, case: Case) -> str:
        """The state as a word with a sign."""
        kind = SIGNS.get(CaseState(case.state), "wait")
        return render_to_string("components/badge.html", {"kind": kind, "label": case.get_state_display()})

    @admin.display(description=gettext_lazy("item"))
    def item_number(self, case: Case) -> str:
        """Index number of the item."""
        return (case.item.number or "") if case.item else ""

    @admin.display(description=gettext_lazy("Received on"), ordering="received_at")
    def arrived(self, case: Case) -> str:
        """The day of arrival."""
        return date_format(timezone.localtime(case.received_at), "Y-m-d")


admin.site.register(CaseLimit, CaseLimitAdmin)


@require_safe
def download(request: HttpRequest, case: Case, pk: int) -> HttpResponse:
    """The file of a proof as a download."""
    try:
        proof = Proof.objects.select_related("file").get(pk=pk, rectification__case=case, file__isnull=False)
        assert proof.file is not None
        return uploads.download_response(proof.file.sha256, proof.filename, proof.file.content_type)  # type: ignore[return-value]
    except (Proof.DoesNotExist, OverflowError, FileNotFoundError):
        raise Http404 from None


@require_safe
def sent_file(request: HttpRequest, case: Case, order: int) -> HttpResponse:
    """A file of the sender as a download."""
    return following.download(case, order)
