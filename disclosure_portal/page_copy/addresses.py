"""Which addresses may be kept: known names with known parameters in canonical order; everything else is not."""

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.urls import Resolver404, resolve
from django.utils import translation

from disclosure_portal.context import DISPLAY_COOKIE

PAGING = ("after", "before")
LIST = ("category", "unit", "year", "month", "until", "phase", "form", "attachments", *PAGING)
COPIED: dict[str, tuple[str, ...]] = {
    "disclosures:board": (),
    "disclosures:items": LIST,
    "disclosures:item": (),
    "disclosures:focus": LIST,
    "disclosures:search": ("category", "unit", "year", "month", "until", "phase", "form", "q", *PAGING),
    "disclosures:category": LIST,
    "disclosures:unit": LIST,
    "disclosures:units": (),
    "disclosures:matter": (),
    "disclosures:archive": (),
    "disclosures:archive_index": (),
    "disclosures:accessibility": (),
    "disclosures:open_data": (),
    "disclosures:open_data_schema": (),
    "disclosures:item_schema": (),
    "disclosures:catalogue": (),
    "disclosures:leading_group": (),
    "disclosures:statistics": (),
    "disclosures:about": (),
    "disclosures:site_map": (),
    "disclosures:feeds": (),
    "disclosures:feed": (),
    "disclosures:feed_category": (),
    "disclosures:feed_unit": (),
    "disclosures:feed_as": (),
    "disclosures:feed_category_as": (),
    "disclosures:feed_unit_as": (),
    "disclosures:sitemap": (),
    "disclosures:sitemap_pages": (),
    "disclosures:sitemap_part": (),
    "disclosures:robots": (),
    "feedback:home": (),
    "feedback:answers": ("unit", "kind", "year", "outcome", *PAGING),
    "feedback:answers_feed": (),
}
LONGEST_HOST, LONGEST_PATH, LONGEST_QUERY = 100, 300, 600  # characters
_SWITCHES = re.compile(r"[a-z.]{0,40}", re.ASCII)
_COOKIE = re.compile(r"\s*([^=;,\s]+)=([^;]*)\s*(?:;|$)")


class Key(NamedTuple):
    """All of a request that a kept page depends on; the language stands in the path."""

    scheme: str
    host: str
    prefix: str
    path: str
    query: str
    display: str


def key_of(environ: dict[str, Any]) -> Key | None:
    """The key of a request that a copy may answer, as far as its head tells; None for every other."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
        return None
    display = _display(environ.get("HTTP_COOKIE", ""))
    if display is None or environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ:
        return None
    host = environ.get("HTTP_HOST", "")
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(host) > LONGEST_HOST or len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        return None
    scheme = environ["wsgi.url_scheme"]
    if settings.SECURE_PROXY_SSL_HEADER:
        scheme = f"{scheme} {environ.get(settings.SECURE_PROXY_SSL_HEADER[0], '')[:40]}"
    return Key(scheme, host, environ.get("SCRIPT_NAME", ""), path, query, display)


def _display(cookies: str) -> str | None:
    """The display switches; None for anybody with a session, and for a display cookie that is not ours."""
    if not cookies:
        return ""
    if settings.SESSION_COOKIE_NAME in cookies:
        return None
    found = [value.strip() for name, value in _COOKIE.findall(cookies) if name == DISPLAY_COOKIE]
    if len(found) > 1 or not all(map(_SWITCHES.fullmatch, found)):
        return None
    return found[0] if found else ""


def may_be_kept(environ: dict[str, Any], key: Key) -> bool:
    """Whether the address has a name in `COPIED` and its query is written as this portal writes it."""
    path = get_path_info(environ)
    if path.startswith(settings.STATIC_URL):
        return False
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    try:
        with translation.override(language):
            name = resolve(path).view_name
    except Resolver404:
        return False
    return name in COPIED and is_canonical(key.query, COPIED[name])


def is_canonical(query: str, known: tuple[str, ...]) -> bool:
    """Known parameters, each at most once, none empty, in the order of `known`, encoded as we encode."""
    if not query:
        return True
    try:
        given = parse_qsl(
            query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=len(known)
        )
    except ValueError:
        return False
    places = [known.index(name) if name in known else -1 for name, _value in given]
    in_order = all(early < late for early, late in zip([-1, *places], places, strict=False))
    return in_order and all(value for _name, value in given) and urlencode(given) == query


def impersonal(environ: dict[str, Any], key: Key) -> dict[str, Any]:
    """The request as the page is asked for: a whole GET of the key and nothing else of the reader."""
    left_out = ("HTTP_COOKIE", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_REFERER")
    asked = {
        name: value
        for name, value in environ.items()
        if name not in left_out and not name.startswith(("HTTP_IF_", "HTTP_ACCEPT"))
    }
    if key.display:
        asked["HTTP_COOKIE"] = f"{DISPLAY_COOKIE}={key.display}"
    return {**asked, "REQUEST_METHOD": "GET"}
