"""Step two of the plan in the admin: queue, frozen revision, and what a person may decide on it (S36–S38, S43)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from disclosures import access, limits
from disclosures.admin.desk import answers, since_of
from disclosures.admin.drafting import page
from disclosures.admin.item_record import reviewed
from disclosures.admin.refusals import show_problems, status_of
from disclosures.admin.review_forms import ReasonForm, RecordForm, VerdictSheet
from disclosures.admin.waiting import after_approval, overdue_rows, queue_rows, to_be_recorded
from disclosures.models import Decision, Item, ReviewStep, Revision
from disclosures.models.reviews import StepState
from disclosures.quorum import stuck_steps
from disclosures.redactions import is_destroyed
from disclosures.refusal import Refused
from disclosures.services import perform, why_not
from disclosures.services.reading import note_reading
from disclosures.services.sensitivity import waiting
from disclosures.uploads import sent
from organizations import roles
from organizations.portal_admin import person
from organizations.roles import Ability

REVIEWER_VERBS = ("decide", "record", "raise", "lower", "confirm_lower", "recuse")
STAYING = {  # verbs after which the reviewer stays on the page
    "raise": gettext_lazy("The superior organisation will decide as well."),
    "lower": gettext_lazy("Asked. A second reviewer confirms it."),
    "confirm_lower": gettext_lazy("The item is no longer treated as sensitive."),
    "recuse": gettext_lazy("The recusal is recorded."),
}


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Exactly what this person may decide, what is overdue first; what waits for minutes; what they answer for."""
    user, at = person(request), request.at  # type: ignore[attr-defined]
    if not access.may_see_queue(user):
        raise PermissionDenied
    mine = access.review_steps_for(user)
    is_narrowed = request.GET.get("due") == "soon"
    context = {
        "title": _("Review queue"),
        "rows": queue_rows(mine.filter(due_at__lte=limits.soon_until(at)) if is_narrowed else mine, at),
        "is_narrowed": is_narrowed,
        "stuck": stuck_steps(at) if roles.may(user, Ability.RECORD) else [],
        "recordable": queue_rows(to_be_recorded(user), at),
        "overdue": overdue_rows(user, at),
    }
    return page(request, "admin/review/queue.html", context)


@require_safe
def revision(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The frozen revision as readers will see it, and the verdict sheet for whoever may decide."""
    row = readable(request, uid)
    shown = revision_page(request, row)
    note_reading(row, person(request), request.at)  # type: ignore[attr-defined]
    return shown


def readable(request: HttpRequest, uid: UUID) -> Revision:
    """The revision, or 404: hidden and missing alike (P8)."""
    rows = access.revisions_readable_by(person(request))
    found = rows.select_related("unit", "item__unit", "item__current_revision", "entry__category", "entry_version")
    row = found.select_related("matter").filter(uid=uid).first()
    if row is None:
        raise Http404
    return row


@require_POST
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Store the verdict of this person on this revision."""
    row = readable(request, uid)
    form = VerdictSheet(request.POST, aspects=aspects_of(row))
    if not form.is_valid():
        return revision_page(request, row, sheet=form, status=HTTPStatus.BAD_REQUEST)
    values = form.cleaned_data
    return carry_out(
        request,
        row,
        "decide",
        form,
        lambda refused: revision_page(request, row, sheet=form, refusal=refused),
        outcome=values["outcome"],
        verdicts=form.verdicts(),
        remark=values["remark"],
        passages=form.passages(),
    )


@require_POST
def record(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Enter a decision taken in a meeting or received as a document."""
    row = readable(request, uid)
    data = request.POST.copy()
    form = record_form(request, row, data, request.FILES)
    is_valid = form.is_valid()
    form.keep_upload()
    if not is_valid:
        return revision_page(request, row, record=form, status=HTTPStatus.BAD_REQUEST)
    values = form.cleaned_data
    return carry_out(
        request,
        row,
        "record",
        form,
        lambda refused: revision_page(request, row, record=form, refusal=refused),
        outcome=values["outcome"],
        verdicts=form.verdicts(),
        remark=values["remark"],
        evidence=form.evidence(),
    )


@require_POST
def raise_on(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send the item on to the superior organisation, whatever the drafter marked (S42)."""
    row = readable(request, uid)
    form = ReasonForm(request.POST, prefix="raise")
    if not form.is_valid():
        return revision_page(request, row, raising=form, status=HTTPStatus.BAD_REQUEST)
    return carry_out(
        request,
        row,
        "raise",
        form,
        lambda refused: revision_page(request, row, raising=form, refusal=refused),
        reason=form.cleaned_data["reason"],
    )


def carry_out(
    request: HttpRequest,
    row: Revision,
    verb: str,
    form: BaseForm,
    refused: Callable[[Refused], HttpResponse],
    **payload: Any,
) -> HttpResponse:
    """Let the service do `verb` on this very revision; a refusal shows the page with everything typed."""
    seen = _number(request.POST.get("version", ""))
    try:
        item = perform(verb, item=row.item, by=person(request), expected_version=seen, revision=row.number, **payload)
    except Refused as refusal:
        show_problems(form, refusal)
        return refused(refusal)
    messages.success(request, outcome_sentence(item, verb))
    return redirect("review:revision", row.uid) if verb in STAYING else redirect("review:queue")


def outcome_sentence(item: Item, verb: str) -> str:
    """What happened, in words that say where the item is now."""
    if verb in STAYING:
        return str(STAYING[verb])
    step = ReviewStep.objects.filter(revision=item.current_revision, state=StepState.OPEN).first()
    if item.state == Item.State.RETURNED:
        return _("Returned to the drafter.")
    return (
        _("Decided. It waits at: %(step)s.") % {"step": step.label} if step else _("Decided. The review is complete.")
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def aspects_of(row: Revision) -> list[str]:
    """Aspects of the open step, else of the first."""
    steps = sorted(row.steps.all(), key=lambda step: (step.state != StepState.OPEN, step.order))
    return list(steps[0].aspects) if steps else []


def record_form(request: HttpRequest, row: Revision, data: Any = None, files: Any = None) -> RecordForm:
    """The form for minutes and documents, beside the verdict sheet on the same page."""
    return RecordForm(data, files, prefix="record", aspects=aspects_of(row), user=person(request))


def revision_page(
    request: HttpRequest,
    row: Revision,
    *,
    sheet: VerdictSheet | None = None,
    record: RecordForm | None = None,
    raising: ReasonForm | None = None,
    reasons: Mapping[str, ReasonForm] | None = None,
    refusal: Refused | None = None,
    status: int = HTTPStatus.OK,
) -> TemplateResponse:
    """The review page, also after a refusal; what cannot be done says why."""
    item = Item.objects.select_related("unit", "current_revision").get(pk=row.item_id)
    is_current = item.current_revision_id == row.pk
    refused = {verb: _why_not(verb, item, request, is_current) for verb in REVIEWER_VERBS}
    context = {
        "title": row.title,
        "item": item,
        "revision": row,
        **answers(row, person(request), request.at, since_of(request)),  # type: ignore[attr-defined]
        "history": reviewed(item.revisions.filter(number__lte=row.number).order_by("-number")),
        "readable": True,
        "newer": None if is_current else _newer(item, row, request),
        "sheet": sheet or VerdictSheet(aspects=aspects_of(row)),
        "record_form": remembered(record, request) if record else record_form(request, row),
        "raise_form": raising or ReasonForm(prefix="raise"),
        "lower_form": (reasons or {}).get("lower") or ReasonForm(prefix="lower"),
        "recuse_form": (reasons or {}).get("recuse") or ReasonForm(prefix="recuse"),
        "lowering": waiting(item),
        "recusals": item.recusals.all(),
        "why_not": refused,
        "may_read_item": access.may_read_item(person(request), item),
        "refusal": refusal,
        "buttons": _buttons(row, refused["decide"]),
        "record_buttons": _buttons(row, refused["record"], prefix="record-", is_whole_step=True),
    }
    return page(request, "admin/review/revision.html", context, status_of(refusal) if refusal else status)


def remembered(form: RecordForm, request: HttpRequest) -> RecordForm:
    """The form once more, with the scan that was sent kept behind a token."""
    data, files = request.POST.copy(), request.FILES.copy()
    form.remember(data, files)
    form.data = data
    return form


def _why_not(verb: str, item: Item, request: HttpRequest, is_current: bool) -> Any:
    if not is_current:
        return _("A newer revision is under review; read it before you decide.")
    return why_not(verb, item=item, by=person(request))


def _newer(item: Item, row: Revision, request: HttpRequest) -> Revision | None:
    """The revision that took the place of this one, where this person reads it."""
    later = access.revisions_readable_by(person(request)).filter(item=item, number__gt=row.number)
    return later.order_by("-number").first()


def _buttons(row: Revision, reason: Any, prefix: str = "", is_whole_step: bool = False) -> list[dict[str, Any]]:
    name = f"{prefix}outcome"
    return [
        {
            "label": after_approval(row, is_whole_step=is_whole_step),
            "name": name,
            "value": "approve",
            "main": True,
            "why_not": reason,
        },
        {"label": _("Return to the drafter"), "name": name, "value": "return", "why_not": reason},
    ]


@require_safe
def file(request: HttpRequest, uid: UUID, file_uid: UUID) -> HttpResponseBase:
    """A file of the revision, published or not, for whoever reviews it (P33)."""
    revision_row = readable(request, uid)
    found = revision_row.attachments.select_related("file").filter(uid=file_uid).first()
    if found is None or is_destroyed(revision_row.item_id, found.file.sha256):
        raise Http404
    return sent(found.file.sha256, found.filename, found.file.content_type)


@require_safe
def evidence(request: HttpRequest, uid: UUID, decision_uid: UUID) -> HttpResponseBase:
    """The scan behind a decision that was entered."""
    rows = Decision.objects.select_related("evidence_file").filter(revision=readable(request, uid), uid=decision_uid)
    found = rows.filter(evidence_file__isnull=False).first()
    if found is None or found.evidence_file is None:
        raise Http404
    return sent(found.evidence_file.sha256, found.evidence_filename, found.evidence_file.content_type)


def staff(view: Callable[..., HttpResponseBase]) -> Any:
    """The view behind the admin's door."""
    return admin.site.admin_view(view)
