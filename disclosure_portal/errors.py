"""Error pages in the site's look; none of them reads the body of the request again."""

import re
import sqlite3
import sys
from contextlib import suppress
from typing import Any

import psycopg2
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string

from disclosure_portal.context import display_of, is_grey, language_addresses, site_facts

SHORT_WORTH_KEEPING = {"title", "document_number", "basis", "reason"}
SHORT = 60  # characters; longer text is shown, so that it can be copied
ALWAYS_SHOWN = {"text"}  # of an opinion or a message: what somebody wrote, short or long
READ_ONLY = ("25006", "25P03")  # of PostgreSQL: a standby that took over, a transaction ended for having waited
TOKEN = re.compile(r"[\w.:~=+/-]+", re.ASCII)
TROUBLE = (  # the drivers' own too: what closing a cursor raises, Django passes on as it is
    *(OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError, sqlite3.OperationalError),
)
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def error_page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """Render `errors/<status>.html` without context processors, so that it works when the database does not."""
    return HttpResponse(error_text(request, str(status), status=status, **context), status=status)


def error_text(request: HttpRequest, name: str, **context: Any) -> str:
    """The text of the page `errors/<name>.html`."""
    facts = {
        "site": site_facts(),
        "display": display_of(request),
        "grey": is_grey(request),
        "language_urls": language_addresses(request),
    }
    return render_to_string(f"errors/{name}.html", {**facts, **context})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where the form was too large."""
    return error_page(request, 413 if isinstance(exception, TOO_LARGE) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: hidden and non-existent alike."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database failed before or after the view, as when a session is read or saved."""
    failed = sys.exc_info()[1]
    return unavailable(request) if failed and is_database_trouble(failed) else error_page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 with Retry-After, when the database does not answer; what was typed stands on the page, to be sent again."""
    _read_form(request)
    response = error_page(request, 503, typed=typed(request), address=request.get_full_path())
    response["Retry-After"] = "30"
    return response


def typed(request: HttpRequest) -> list[dict[str, Any]]:
    """The fields of a form that was read before the database failed; nothing of a form with a password (rule 8)."""
    form = getattr(request, "_post", None) if request.method == "POST" else None
    if not form or any("password" in name for name in form):
        return []
    return [
        {"name": name, "value": value, "is_long": _is_worth_showing(name, value)}
        for name, values in form.lists()
        for value in values
    ]


def _is_worth_showing(name: str, value: str) -> bool:
    """Whether a person wrote it and wants to see it; tokens are one long word of ASCII."""
    if name in ALWAYS_SHOWN:
        return True
    return ("\n" in value or len(value) > SHORT) and not TOKEN.fullmatch(value)


def expired(request: HttpRequest) -> HttpResponse:
    """The form or the log-in behind it has expired: nothing was stored, and nothing typed is lost (rule 8)."""
    _read_form(request)
    kept = [field for field in typed(request) if field["is_long"] or field["name"] in SHORT_WORTH_KEEPING]
    return error_page(request, 403, expired_form=True, typed=kept, address=request.get_full_path())


def _read_form(request: HttpRequest) -> None:
    """Read what was sent, for the token or the session may have been refused before anything was."""
    with suppress(SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        request.POST  # noqa: B018


def too_many_attempts(request: HttpRequest, response: HttpResponse | None = None, *args: Any) -> HttpResponse:
    """429 after too many failed log-ins; the same for accounts that exist and those that do not."""
    answer = error_page(request, 429)
    answer["Retry-After"] = "900"
    return answer


def is_database_trouble(exception: BaseException) -> bool:
    """Whether the database was away, too slow, locked too long or takes no writing at the moment."""
    is_read_only = isinstance(exception, InternalError) and getattr(exception.__cause__, "pgcode", "") in READ_ONLY
    return is_read_only or isinstance(exception, TROUBLE)
