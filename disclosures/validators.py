"""Conditional GET for what machines fetch again and again."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control


def revalidated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response` with an ETag over its bytes, or 304 for a reader who has them; asked anew each time.

    No `Last-Modified`: it counts whole seconds, and whoever asks by it alone could keep for ever what was withdrawn in
    the second of the asking. The same bytes for everyone, so that nothing varies.
    """
    found = tagged(request, response, response.content)
    assert isinstance(found, HttpResponse)  # given a response, Django answers with it or with 304
    return found


def tagged(request: HttpRequest, response: HttpResponseBase, state: bytes) -> HttpResponseBase:
    """The same by a word for the `state` that the answer tells, where its bytes are written only as they are sent."""
    digest = hashlib.sha256(state).hexdigest()[:32]
    response["ETag"] = f'W/"{digest}"'
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    found: HttpResponseBase = get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore
    return found
