"""What becomes of a form whose token or log-in has expired: kept where it can be, else shown to be copied (rule 8)."""

from contextlib import suppress

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from disclosure_portal.errors import expired
from disclosures.admin.rescuing import rescued


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Lead the drafter back to what was typed; for every other form 403, with its text there to be copied.

    It cannot be sent again from that page: the form may come from another site, which a person must not repeat.
    """
    with suppress(SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        if (answer := rescued(request)) is not None:
            return answer
    return expired(request)
