"""What a reviewer does beside deciding: lower the sensitive flag together with another, or step back (回避)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from disclosures.admin import review
from disclosures.admin.review_forms import ReasonForm


@require_POST
def lower(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask, with a reason, that the item be no longer sensitive."""
    return _with_reason(request, uid, "lower")


@require_POST
def recuse(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Declare, with a reason, that this person does not decide on the item."""
    return _with_reason(request, uid, "recuse")


@require_POST
def confirm_lower(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Confirm, as second person, what another reviewer asked for."""
    row = review.readable(request, uid)
    form = ReasonForm(request.POST, prefix="lower")
    return review.carry_out(
        request, row, "confirm_lower", form, lambda refused: review.revision_page(request, row, refusal=refused)
    )


def _with_reason(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    row = review.readable(request, uid)
    form = ReasonForm(request.POST, prefix=verb)
    shown: dict[str, Any] = {"reasons": {verb: form}}
    if not form.is_valid():
        return review.revision_page(request, row, **shown, status=400)
    return review.carry_out(
        request,
        row,
        verb,
        form,
        lambda refused: review.revision_page(request, row, **shown, refusal=refused),
        reason=form.cleaned_data["reason"],
    )
