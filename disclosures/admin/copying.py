"""“As last period”: the newest items of a duty, with the title and period proposed for the next one."""

from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disclosures import access
from disclosures.admin import drafting
from disclosures.admin.refusals import status_of
from disclosures.models import CatalogueEntry, Item
from disclosures.models.items import ItemState
from disclosures.refusal import Refused
from disclosures.services.copying import copy_item, proposal_for
from organizations.models import Unit, User
from organizations.portal_admin import person, refuse_odd_query

SALT = "disclosures.admin.copying"
SHOWN = 12  # items to choose from
LASTS = 24 * 60 * 60  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
def copy_page(request: HttpRequest) -> HttpResponse:
    """Choose the item to go on from (GET); make the draft (POST)."""
    refuse_odd_query(request)
    user = person(request)
    units = list(access.units_drafted_by(user))
    if not units:
        raise PermissionDenied
    rows = _sources(request, user, units)
    if request.method == "POST":
        return _make(request, user, rows)
    return _choose(request, user, rows)


def _sources(request: HttpRequest, user: User, units: list[Unit]) -> QuerySet[Item]:
    """Items of the drafter's units this person reads: of one entry, or the one named."""
    rows = access.items_readable_by(user).filter(unit__in=units).exclude(state=ItemState.DISCARDED)
    rows = rows.select_related("unit", "entry").order_by("-period_until", "-issued_on", "-id")
    key, code = request.GET.get("item", ""), request.GET.get("entry", "")
    if key:
        return rows.filter(pk=key) if key.isascii() and key.isdigit() and len(key) < 18 else rows.none()
    unit = drafting.chosen_unit(request, units)
    if code and not CatalogueEntry.objects.filter(code=code).exists():
        raise Http404
    return rows.filter(unit=unit, **({"entry__code": code} if code else {}))


def _choose(request: HttpRequest, user: User, rows: QuerySet[Item], refusal: Refused | None = None) -> HttpResponse:
    found = list(rows[:SHOWN])
    if request.GET.get("item") and not found:
        raise Http404
    context = {
        "title": _("As last period"),
        "sources": [_source(item, user) for item in found],
        "refusal": refusal,
        "unit": found[0].unit if found else drafting.chosen_unit(request, list(access.units_drafted_by(user))),
    }
    return drafting.page(
        request, "admin/item/copy_page.html", context, status_of(refusal) if refusal else HTTPStatus.OK
    )


def _source(item: Item, user: User) -> dict[str, Any]:
    proposal = proposal_for(item)
    return {
        "item": item,
        "proposal": proposal,
        "is_moved": proposal.title != item.title,
        "files": item.attachments.count(),
        "token": signing.dumps([item.pk, str(uuid4()), user.pk], salt=SALT),
    }


def _make(request: HttpRequest, user: User, rows: QuerySet[Item]) -> HttpResponse:
    pk, uid = _token(request, user)
    source = rows.filter(pk=pk).first() if pk is not None else None
    if source is None:
        return _choose(request, user, rows, Refused(_("Choose the item to go on from."), code="no_source"))
    try:
        made = copy_item(source, by=user, uid=uid, with_files="files" in request.POST)
    except Refused as refusal:
        return _choose(request, user, rows, refusal)
    messages.success(request, _("The draft is begun. Title and period are proposed: check them, and enter the dates."))
    return redirect("admin:disclosures_item_change", made.pk)


def _token(request: HttpRequest, user: User) -> tuple[int | None, UUID]:
    """The item chosen and the uid its copy will have, as this person was shown them."""
    try:
        pk, uid, shown_to = signing.loads(request.POST.get("source", ""), salt=SALT, max_age=LASTS)
        return (int(pk), UUID(uid)) if shown_to == user.pk else (None, uuid4())
    except (signing.BadSignature, ValueError, TypeError):
        return None, uuid4()
