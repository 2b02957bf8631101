"""The page of a case in the admin: what is known, the path, and one form for each verb that comes next."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from disclosures.admin.refusals import show_problems, status_of
from disclosures.refusal import Refused, Sentence
from feedback import access, clocks, counting, protection_page, reports
from feedback.models import Case, CaseState, RequestOutcome
from feedback.services import open_identity, perform, why_not
from feedback.services.rectifying import rectifications
from feedback.staff_forms import FORMS, VerbForm
from feedback.workflow import TRANSITIONS
from organizations.models import User

USUAL = {
    CaseState.RECEIVED: "accept",
    CaseState.ACCEPTED: "investigate",
    CaseState.INVESTIGATING: "find",
    CaseState.ANSWERED: "close",
    CaseState.RECTIFYING: "report_done",
    CaseState.RECTIFIED: "verify",
    CaseState.VERIFIED: "close",
}

FOR_REQUESTS = ("decide_request", "fulfil")


@dataclass(frozen=True)
class Next:
    """A verb on the page: its form, or the sentence why it is not possible now."""

    verb: str
    label: Sentence
    url: str
    form: VerbForm | None = None
    why_not: Sentence | None = None
    is_open: bool = False


def page(
    request: HttpRequest, base: dict[str, Any], case: Case, *, bound: VerbForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, with the form that was refused still filled in."""
    prefetch_related_objects([case], "targets__unit")
    context = {
        **base,
        "title": case.number,
        "case": case,
        "facts": facts_of(case),
        "counts": counting.counts_of(case, timezone.now()),
        "waits_for_sender": counting.is_waiting_for_sender(case),
        "path": reports.path_of(case),
        "turns": reports.dialogue_of(case),
        "investigations": case.investigations.select_related("investigator"),
        "rectifications": rectifications(case),
        **protection_page.shown_of(case, request.user),  # type: ignore[arg-type]
        "nexts": nexts(case, request.user, bound),  # type: ignore[arg-type]
    }
    response = render(request, "feedback/admin/case.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def facts_of(case: Case) -> list[dict[str, Any]]:
    """What stands above the text; of the sender only what kind of person it was."""
    named = _("gave a name or contact, sealed") if case.is_named else _("without a name")
    return [
        {"label": _("State"), "value": case.get_state_display()},
        {"label": _("Kind"), "value": case.get_kind_display()},
        {"label": _("Handling unit"), "value": case.unit.label},
        {"label": _("Sender"), "value": f"{case.get_sender_kind_display()} · {named}"},
        *_intake_of(case),
        *_wish_of(case),
        {"label": _("Item"), "value": case.item.number if case.item else "", "url": _item_url(case), "wide": True},
    ]


def _intake_of(case: Case) -> list[dict[str, Any]]:
    intake = getattr(case, "intake", None)
    if intake is None:
        return []
    came = f"{intake.get_channel_display()} · {formats.date_format(intake.arrived_on, 'DATE_FORMAT')}"
    return [
        {"label": _("How it came"), "value": " · ".join(part for part in (came, intake.place) if part)},
        {"label": _("Entered by"), "value": str(intake.entered_by)},
    ]


def _wish_of(case: Case) -> list[dict[str, Any]]:
    wish = getattr(case, "wish", None)
    words = {True: _("The answer may be published"), False: _("The answer is for the sender alone")}
    said = case.satisfactions.order_by("-at", "-id").first()
    rows = [{"label": _("Wish of the sender"), "value": words[wish.may_publish]}] if wish else []
    return rows + ([{"label": _("The sender says"), "value": said.get_verdict_display()}] if said else [])


def nexts(case: Case, user: User, bound: VerbForm | None) -> list[Next]:
    """Verbs that fit the state and the role of `user`: possible ones first, the usual next one on top and open."""
    made: list[Next] = []
    left_out = protection_page.verbs_left_out(case, user)
    for verb, form in FORMS.items():
        transition = TRANSITIONS[verb]
        if verb in left_out or case.state not in transition.starts_from or not access.holds(user, transition, case):
            continue
        if verb in FOR_REQUESTS and not clocks.is_request(case):
            continue
        url = reverse("admin:feedback_case_act", args=[case.pk, verb])
        reason = why_not(verb, case=case, by=user)
        if bound is not None and bound.verb == verb:
            made.append(Next(verb, transition.label, url, form=bound, is_open=True))
        elif reason:
            made.append(Next(verb, transition.label, url, why_not=reason))
        else:
            is_usual = bound is None and usual(case) == verb
            made.append(Next(verb, transition.label, url, form=form(case=case, by=user), is_open=is_usual))
    return sorted(made, key=lambda row: (not row.is_open, row.form is None))


def usual(case: Case) -> str | None:
    """The verb that mostly comes next."""
    if clocks.is_request(case) and case.state == CaseState.ACCEPTED:
        decision = clocks.decision_of(case)
        if decision is None or not decision.is_final:
            return "decide_request"
        return "reply" if decision.outcome == RequestOutcome.REFUSED else "fulfil"
    return USUAL.get(CaseState(case.state))


@require_POST
def act(request: HttpRequest, base: dict[str, Any], case: Case, verb: str) -> HttpResponse:
    """Carry out one verb; a refusal shows the page again with everything typed."""
    user: User = request.user  # type: ignore[assignment]
    form = FORMS[verb](request.POST, request.FILES, case=case, by=user)
    if not form.is_valid():
        return page(request, base, case, bound=form, status=400)
    try:
        if verb == "open_identity":
            return _opened(request, base, case)
        version = form.cleaned_data["version"]
        perform(verb, case=case, by=user, expected_version=version, **form.payload())
    except Refused as refusal:
        case.refresh_from_db()
        show_problems(form, refusal)
        form.show("version", str(case.version))  # whoever reads the fresh page may press again
        return page(request, base, case, bound=form, status=status_of(refusal))
    messages.success(request, _("Done: %(verb)s.") % {"verb": TRANSITIONS[verb].label})
    if not access.readable_by(user).filter(pk=case.pk).exists():  # passed on to a unit this person does not read
        return redirect("admin:feedback_case_changelist")
    return redirect("admin:feedback_case_change", case.pk)


def _opened(request: HttpRequest, base: dict[str, Any], case: Case) -> HttpResponse:
    """Who sent the case, shown once."""
    sender = open_identity(case=case, by=request.user)  # type: ignore[arg-type]
    facts = [
        {"label": _("Name"), "value": sender.name},
        {"label": _("Phone or e-mail"), "value": sender.contact},
        {"label": _("Account"), "value": sender.username},
        {"label": pgettext("member", "Branch"), "value": sender.branch},
    ]
    context = {**base, "title": _("Identity of the sender"), "case": case, "identity": facts}
    response = render(request, "feedback/admin/identity.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _item_url(case: Case) -> str:
    return reverse("admin:disclosures_item_change", args=[case.item.pk]) if case.item else ""
