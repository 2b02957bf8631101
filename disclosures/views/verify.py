"""The page behind the QR code of an approval sheet: digest and decisions, never a hidden title, never a name."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.verification import revision_of
from disclosures.verification import verify as examined
from disclosures.views.asking import BoardRequest, visible


@require_safe
def verify(request: BoardRequest, code: str) -> HttpResponse:
    """Whether the sheet with this code agrees with what the portal keeps; any other code is a missing page (P8)."""
    revision = revision_of(code)
    if revision is None:
        raise Http404
    context = {
        "here": _("Verify an approval sheet"),
        "found": examined(revision, code),
        "release": visible(request).filter(revision=revision).for_reading().first(),
    }
    response = render(request, "disclosures/verify.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response
