"""WSGI entry point; runs under a path prefix whether or not the front strips it."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from disclosure_portal import patience
from disclosure_portal.heads import Application, without_bodies_of_heads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure_portal.settings")

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


patience.install()
application = under_prefix(without_bodies_of_heads(with_copies(django)), settings.PORTAL_PATH_PREFIX)
