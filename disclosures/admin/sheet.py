"""The approval sheet in the admin: a page to print, and the same page as PDF."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.admin.review import readable
from disclosures.models import Revision
from disclosures.pdf import set_as_pdf, why_no_pdf
from disclosures.refusal import Refused
from disclosures.sheet import approval_sheet, qr_code


@require_safe
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet for whoever may read the revision; an unfinished review says so on it."""
    return _page(request, readable(request, uid), why_no_pdf())


@require_safe
def sheet_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same as PDF; 503 with a sentence where this machine cannot set Chinese."""
    revision = readable(request, uid)
    try:
        pdf = set_as_pdf(render_to_string("admin/review/sheet.html", _context(request, revision), request))
    except Refused as refusal:
        return _page(request, revision, str(refusal.message), HTTPStatus.SERVICE_UNAVAILABLE)
    name = f"{_('Approval sheet')}-{revision.item.number}-{revision.number}.pdf"
    disposition = str(content_disposition_header(as_attachment=False, filename=name))
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _page(request: HttpRequest, revision: Revision, why_not: str, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {**_context(request, revision), "on_screen": True, "why_no_pdf": why_not}
    return TemplateResponse(request, "admin/review/sheet.html", context, status=status)


def _context(request: HttpRequest, revision: Revision) -> dict[str, Any]:
    made = approval_sheet(revision)
    address = request.build_absolute_uri(made.verification_path)
    printed_at = request.at  # type: ignore[attr-defined]
    return {"sheet": made, "revision": revision, "address": address, "qr": qr_code(address), "printed_at": printed_at}
