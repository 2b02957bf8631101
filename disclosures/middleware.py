"""One instant and one reader for each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from disclosures.visibility import reader_for


class ReaderMiddleware:
    """Set `request.at` (the instant every question of the request is asked for) and a lazy `request.reader`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        request.reader = SimpleLazyObject(lambda: reader_for(request.user, request.at))  # type: ignore
        return self.get_response(request)
