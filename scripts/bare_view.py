"""The yardstick of the measurements: Django without middleware, answering pages that were rendered before.

`BARE_PAGES` names a folder; the file `home` in it is served at `/home`.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    DEBUG=False,
    SECRET_KEY="nothing is signed here",  # noqa: S106
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    USE_I18N=False,
)
PAGES = {file.name: file.read_bytes() for file in Path(os.environ["BARE_PAGES"]).iterdir()}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page as it was rendered before."""
    return HttpResponse(PAGES[name])


urlpatterns = [path("<str:name>", page)]
application = get_wsgi_application()
