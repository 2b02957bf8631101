"""Where a request came from, for counting alone: failed log-ins, and hashed, what comes through the public doors."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The address of the connection, or behind a front the one that the front itself added; None for what is none.

    Of `X-Forwarded-For` only the last entry is the front's own: whatever stands before it the reader could have typed.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.PORTAL_BEHIND_PROXY:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or seen
    try:
        return str(ip_address(seen))
    except ValueError:
        return None
