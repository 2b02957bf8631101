"""WSGI entry point; runs under a path prefix whether or not the front strips it."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from disclosure_portal import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure_portal.settings")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

django = get_wsgi_application()

from disclosure_portal.page_copy.front import with_copies  # noqa: E402  (models are there only now)


def under_prefix(app: Application, prefix: str) -> Application:
    """Move `prefix` (such as `/zwgk/dwgk`) from PATH_INFO to SCRIPT_NAME when the front passes it on."""
    if not prefix:
        return app

    def prefixed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(prefix + "/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return app(environ, start_response)

    return prefixed


class NoBody:
    """An answer of which the head alone is sent; what it holds open is closed."""

    def __init__(self, response: Iterable[bytes]) -> None:
        self.close = getattr(response, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(())


def without_bodies_of_heads(app: Application) -> Application:
    """Answer HEAD with the head alone; Django leaves that to the server, and gunicorn logs each as a fault."""

    def bodiless(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        response = app(environ, start_response)
        return NoBody(response) if environ["REQUEST_METHOD"] == "HEAD" else response

    return bodiless


patience.install()
application = under_prefix(without_bodies_of_heads(with_copies(django)), settings.PORTAL_PATH_PREFIX)
