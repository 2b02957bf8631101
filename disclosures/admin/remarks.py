"""Internal remarks of an item: read, written and settled on their own page and below the drafting form (S32)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disclosures.admin import drafting
from disclosures.admin.refusals import status_of
from disclosures.models import Item
from disclosures.refusal import Refused
from disclosures.services import perform, why_not
from organizations.portal_admin import person


@require_http_methods(["GET", "HEAD", "POST"])
def remarks_page(request: HttpRequest, item: Item) -> HttpResponse:
    """The remarks (GET); write one or settle one (POST), then go back to the item."""
    if request.method != "POST":
        return _show(request, item)
    verb, payload = _asked(request)
    try:
        perform(verb, item=item, by=person(request), expected_version=item.version, **payload)
    except Refused as refusal:
        return _show(request, item, refusal)
    messages.success(request, _("The remark is settled.") if verb == "resolve" else _("The remark is written."))
    return redirect(f"{reverse('admin:disclosures_item_change', args=[item.pk])}#remarks")


def _asked(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Which verb the form asks for, and what it says."""
    uid = request.POST.get("resolve")
    if uid is None:
        return "remark", {"text": request.POST.get("text", ""), "passage": request.POST.get("passage", "")}
    try:
        return "resolve", {"remark": UUID(uid)}
    except ValueError:
        return "resolve", {"remark": UUID(int=0)}


def _show(request: HttpRequest, item: Item, refusal: Refused | None = None) -> HttpResponse:
    """The page of remarks alone, with what was typed."""
    by = person(request)
    context = {
        "title": _("Internal remarks"),
        "item": item,
        "record": {"remarks": item.remarks.all(), "why_not_remark": why_not("remark", item=item, by=by)},
        "refusal": refusal,
        "text": request.POST.get("text", ""),
        "passage": request.POST.get("passage", ""),
    }
    return drafting.page(request, "admin/item/remarks_page.html", context, status_of(refusal) if refusal else 200)
