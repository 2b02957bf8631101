"""Site-wide middleware: language by address, private unless public, bodies that cannot be read refused early."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from disclosure_portal.errors import error_page, is_database_trouble, unavailable

GetResponse = Callable[[HttpRequest], HttpResponse]
SESSION_KEY = re.compile(r"[A-Za-z0-9]*")
FORM_TOKEN = re.compile(r"[A-Za-z0-9]{32}|[A-Za-z0-9]{64}")  # a secret, or one masked by an older Django


class LanguageByAddress:
    """English below `/en/`, the site's language elsewhere: no cookie, no `Accept-Language`, no `Vary` (rule 10)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivateUnlessPublic:
    """Pages that depend on a person, and everything that is not a plain answer to a GET, are never stored (P11)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            self._mark(request, response)
        return response

    def _mark(self, request: HttpRequest, response: HttpResponse) -> None:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session or response.cookies or request.method not in ("GET", "HEAD") or response.status_code != 200:
            patch_cache_control(response, private=True, no_store=True)
        else:
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            patch_vary_headers(response, ["Cookie"])


class ForgetOddCookies:
    """A cookie under one of our names that this portal cannot have given counts as none.

    PostgreSQL stumbles over NUL in the key of a session; in place of an odd token of forms Django gives a new one with
    every page, and a page that sets a cookie is neither public nor copied.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.ours = {settings.SESSION_COOKIE_NAME: SESSION_KEY, settings.CSRF_COOKIE_NAME: FORM_TOKEN}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name, pattern in self.ours.items():
            if name in request.COOKIES and not pattern.fullmatch(request.COOKIES[name]):
                del request.COOKIES[name]
        return self.get_response(request)


class RefuseUnreadableBodies:
    """Forms come as UTF-8, for another charset ends in a 500 of the error page; large ones where files are taken."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "utf-8").lower() if request.content_params else "utf-8"
        if charset.replace("_", "-") not in ("utf-8", "utf8"):
            raise BadRequest("The form was sent in another encoding than UTF-8.")
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Large bodies carry files: of staff anywhere, of others at a view that names its `most_bytes`.

        Anybody else's would fill the disk before a view refuses.
        """
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = getattr(view, "most_bytes", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        is_large = length.isdecimal() and int(length) > most
        if is_large and not getattr(request.user, "is_staff", False):
            raise RequestDataTooBig("Only staff send files this large.")


class SayWhatIsWrong:
    """405 in the site's look, and 503 with Retry-After where the database is away or too slow."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = error_page(request, 405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn trouble with the database into 503; everything else stays a fault."""
        return unavailable(request) if is_database_trouble(exception) else None
