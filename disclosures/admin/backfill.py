"""Entry of earlier disclosures from a sheet: the template, a dry run that stores nothing, and the confirmation."""

import hashlib
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from disclosures import access
from disclosures.admin import drafting
from disclosures.admin.item_form import entries_for
from disclosures.admin.refusals import status_of
from disclosures.backfill_sheet.checking import check
from disclosures.backfill_sheet.columns import HEADS, Row, most_rows
from disclosures.models import Item
from disclosures.models.items import ItemState
from disclosures.refusal import Refused
from disclosures.services.backfilling import enter_rows
from disclosures.uploads import ALLOWED, UploadRefused
from organizations.models import Unit
from organizations.portal_admin import person, refuse_odd_query

SALT = "disclosures.admin.backfill"
LASTS = 4 * 60 * 60  # seconds between dry run and confirmation


@require_http_methods(["GET", "HEAD", "POST"])
def backfill_page(request: HttpRequest) -> HttpResponse:
    """Ask for the sheet, or give out the template (GET); try the sheet, or enter what was tried (POST)."""
    refuse_odd_query(request)
    units = list(access.units_drafted_by(person(request)))
    if not units:
        raise PermissionDenied
    unit = drafting.chosen_unit(request, units)
    if request.method != "POST":
        return _template(unit) if "template" in request.GET else _show(request, unit)
    return _enter(request, unit) if "token" in request.POST else _try(request, unit)


def _template(unit: Unit) -> HttpResponse:
    from disclosures.backfill_sheet.template import template_for  # openpyxl: a fifth of a second, 13 MB, rarely

    content = template_for(entries_for(unit))
    response = HttpResponse(content, content_type=ALLOWED["xlsx"].content_type)
    response["Content-Disposition"] = (
        "attachment; filename=\"backfill.xlsx\"; filename*=UTF-8''%E8%A1%A5%E5%BD%95%E6%A8%A1%E6%9D%BF.xlsx"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _try(request: HttpRequest, unit: Unit) -> HttpResponse:
    """The dry run: every row with its problems; a token to confirm where there are none. Nothing is stored."""
    from disclosures.backfill_sheet.reading import read_sheet  # as above

    try:
        upload = request.FILES.get("sheet")
        if not isinstance(upload, UploadedFile):
            raise UploadRefused("no_file", _("Choose the filled-in sheet first."))
        rows = check(read_sheet(upload), unit)
    except ValidationError as refusal:
        return _show(request, unit, HTTPStatus.BAD_REQUEST, problems=refusal.messages)
    wrong = sum(1 for row in rows if row.problems)
    token = "" if wrong else _token(request, unit, rows, _digest(upload))
    return _show(request, unit, rows=rows, wrong=wrong, token=token, heads=HEADS, name=upload.name)


def _digest(upload: UploadedFile) -> str:
    upload.seek(0)
    return hashlib.sha256(upload.read()).hexdigest()


def _token(request: HttpRequest, unit: Unit, rows: list[Row], digest: str) -> str:
    """What was tried, by whom, from which file; signed, and good for one entering."""
    content = [[row.number, row.values] for row in rows]
    sealed = [person(request).pk, unit.pk, str(uuid4()), digest, content]
    return signing.dumps(sealed, salt=SALT, compress=True)


def _enter(request: HttpRequest, unit: Unit) -> HttpResponse:
    """All rows become drafts, or none."""
    try:
        user_pk, unit_pk, batch, digest, content = signing.loads(
            request.POST.get("token", ""), salt=SALT, max_age=LASTS
        )
        if (user_pk, unit_pk) != (person(request).pk, unit.pk):
            raise signing.BadSignature
        rows = [Row(number, values) for number, values in content]
        count, is_new = enter_rows(rows, unit=unit, by=person(request), batch=UUID(batch), digest=digest)
    except (signing.BadSignature, ValueError, TypeError):
        sentence = _("What was tried is no longer at hand. Choose the sheet again.")
        return _show(request, unit, HTTPStatus.BAD_REQUEST, problems=[sentence])
    except Refused as refusal:
        return _show(request, unit, status_of(refusal), problems=[str(refusal)])
    _say(request, count, is_new)
    return redirect(f"{reverse('admin:disclosures_item_changelist')}?state={ItemState.DRAFT}&hand=mine")


def _say(request: HttpRequest, count: int, is_new: bool) -> None:
    if not is_new:
        messages.info(request, _("This sheet was entered already; nothing was entered twice."))
        return
    sentence = ngettext("%(count)d draft was entered.", "%(count)d drafts were entered.", count)
    messages.success(request, sentence % {"count": count} + " " + _("Submit each when it is complete."))


def _show(request: HttpRequest, unit: Unit, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    context = {
        "title": _("Enter earlier disclosures from a sheet"),
        "item": Item(unit=unit),
        "unit": unit,
        "units": access.units_drafted_by(person(request)),
        "most": most_rows(),
        **more,
    }
    return drafting.page(request, "admin/item/backfill_page.html", context, status)
