"""The configuration of the front (nginx), written from the same settings that the application runs by.

Prefix, largest bodies, folders and the number of requests at once cannot drift apart between the two.
"""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from disclosure_portal import gunicorn
from disclosure_portal.errors import error_text

PARTS = ("nginx.conf", "http.conf", "server.conf", "locations.conf", "proxy.conf")
PAGES = ("400", "404", "405", "413", "500", "busy")  # what the front itself answers, without the application
LANGUAGES = {"zh": "zh-hans", "en": "en"}
FILES_AT_ONCE = 4  # largest files that staff may send in one form
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
USER = re.compile(r"[a-z_][a-z0-9_-]*( [a-z_][a-z0-9_-]*)?")
LISTEN = re.compile(r"|[0-9.]+|\[[0-9a-f:]+\]")
PATH = re.compile(r"/[A-Za-z0-9/._+@-]*")
UPSTREAM = re.compile(r"[A-Za-z0-9.-]+:[0-9]{1,5}|unix:/[A-Za-z0-9/._-]+")


class BadValue(Exception):
    """A value that has no place in a configuration file; the message says which."""


@dataclass(frozen=True)
class Front:
    """What one machine knows and the settings do not."""

    server_names: tuple[str, ...]
    certificate: Path
    key: Path
    folder: Path  # the files are written here and name each other by it
    https_port: int = 443
    http_port: int = 80
    upstream: str = "127.0.0.1:8000"
    listen: str = ""  # an address to listen on, else every one
    user: str = "www-data"
    state: Path = Path("/var/lib/nginx")
    pid: Path = Path("/run/nginx.pid")
    logs: Path = Path("/var/log/nginx")

    def values(self) -> dict[str, Any]:
        """Everything the templates name."""
        prefix = settings.PORTAL_PATH_PREFIX
        at_once = gunicorn.workers * gunicorn.threads
        return {
            "front": self,
            "names": " ".join(self.server_names),
            "at": f"{self.listen}:" if self.listen else "",
            "shown_port": "" if self.https_port == 443 else f":{self.https_port}",
            "prefix": prefix,
            "prefix_pattern": re.escape(prefix),
            "static_root": settings.STATIC_ROOT,
            "upload_root": settings.UPLOAD_ROOT,
            "accel": settings.PORTAL_ACCEL_PREFIX,
            "files_at_once": FILES_AT_ONCE,
            "form_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            "upload_bytes": settings.UPLOAD_MAX_BYTES * FILES_AT_ONCE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            "sender_bytes": settings.PORTAL_SENT_FILES_MB * 1024 * 1024 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            "readers": at_once * 2,  # as many being answered as waiting: a few hundredths of a second
            "desk": at_once,
            "hsts": hsts(),
        }


def hsts() -> str:
    """The value of Strict-Transport-Security that the application sends."""
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    parts += ["includeSubDomains"] if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else []
    parts += ["preload"] if settings.SECURE_HSTS_PRELOAD else []
    return "; ".join(parts)


def write(front: Front) -> list[Path]:
    """Write configuration and pages; returns what was written. Raises `BadValue`."""
    refuse_odd_values(front)
    values = front.values()
    written = []
    for name in PARTS:
        written.append(_put(front.folder / name, render_to_string(f"front/{name}", values)))
    for page in PAGES:
        for suffix, language in LANGUAGES.items():
            written.append(_put_page(front.folder / "pages" / f"{page}.{suffix}.html", page_of(page, language)))
    return written


def page_of(name: str, language: str) -> str:
    """One page in the site's look as the front answers it; its links lead into the same language."""
    with translation.override(language):
        request = HttpRequest()
        request.method = "GET"
        request.path = reverse("disclosures:board")
        request.path_info = request.path.removeprefix(settings.PORTAL_PATH_PREFIX)
        return error_text(request, name)


def refuse_odd_values(front: Front) -> None:
    """Let nothing into the files that nginx would read as more than one word."""
    for name in front.server_names:
        _must_match(NAME, name, "server name")
    _must_match(UPSTREAM, front.upstream, "upstream")
    _must_match(USER, front.user, "user")
    _must_match(LISTEN, front.listen, "listening address")
    paths = (front.certificate, front.key, front.folder, front.state, front.pid, front.logs)
    for path in (*paths, settings.STATIC_ROOT, settings.UPLOAD_ROOT):
        _must_match(PATH, str(path), "path")
    for prefix in (settings.PORTAL_PATH_PREFIX, settings.PORTAL_ACCEL_PREFIX):
        if prefix:
            _must_match(PATH, prefix, "path")


def _must_match(pattern: re.Pattern[str], value: str, what: str) -> None:
    if not pattern.fullmatch(value):
        raise BadValue(f"“{value}” cannot be a {what} of the front.")


def _put(path: Path, text: str) -> Path:
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o644)
    return path


def _put_page(path: Path, text: str) -> Path:
    """The page, and its packed copy, so that a flood costs no packing."""
    packed = path.with_name(path.name + ".gz")
    _put(path, text)
    packed.write_bytes(gzip.compress(text.encode(), 9))
    packed.chmod(0o644)
    return path
