"""How long an answer may wait for PostgreSQL, so that a database that hangs never takes the portal with it.

The server's own limits (statement, lock) need a server that works. A stopped machine or a cut line keeps a client
waiting for ever: the kernel goes on acknowledging. So each wait is bounded here, and after one that was in vain the
next requests are refused at once, but for one a second that tries again.
"""

import select
import time
from collections.abc import Callable
from threading import Lock, local
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from psycopg2 import OperationalError
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE, STATUS_SETUP, set_wait_callback

CONNECTING = 3.0  # seconds until a connection must stand
PAUSE = 1.0  # seconds between two tries of a database that hangs
DESK_SECONDS = 45.0  # all the waiting of one request of the workbench
DESKS = ("/admin/", "/en/admin/")
EVENTS = {POLL_READ: select.POLLIN, POLL_WRITE: select.POLLOUT}
_of_this_thread = local()


class Gate:
    """Shut after a wait in vain; then one at a time tries whether the database answers again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next_try = 0.0  # 0: open

    def refuses(self, now: float) -> bool:
        """Whether a caller must not wait; the one who may, tries for all."""
        if not self._next_try:
            return False
        with self._lock:
            if now < self._next_try:
                return True
            self._next_try = now + CONNECTING + PAUSE
            return False

    def shut(self, now: float) -> None:
        """The database did not answer."""
        with self._lock:
            self._next_try = now + PAUSE

    def open(self) -> None:
        """The database answered."""
        if self._next_try:
            with self._lock:
                self._next_try = 0.0


gate = Gate()


class BoundedWait:
    """All the waiting of one request for the database together has an end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = DESK_SECONDS if request.path_info.startswith(DESKS) else settings.PORTAL_READER_SECONDS
        _of_this_thread.until = time.monotonic() + limit
        try:
            return self.get_response(request)
        finally:
            _of_this_thread.until = None


def install() -> None:
    """Bound every wait of this process; called where requests are answered, never by commands."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        set_wait_callback(wait)


def wait(connection: Any) -> None:
    """psycopg2 calls this instead of blocking; what it raises closes the connection and becomes a 503."""
    now = time.monotonic()
    if gate.refuses(now):
        raise OperationalError("The database did not answer a moment ago.")
    patience = CONNECTING if connection.status == STATUS_SETUP else settings.PORTAL_STATEMENT_SECONDS
    ends = now + patience if patience else None
    while (state := _polled(connection)) != POLL_OK:
        if not _is_ready(connection.fileno(), EVENTS[state], ends):
            raise OperationalError("The database did not answer in time.")
    gate.open()


def _polled(connection: Any) -> int:
    """Where the exchange stands; an error is an answer too."""
    try:
        return int(connection.poll())
    except Exception:
        gate.open()
        raise


def _is_ready(descriptor: int, event: int, ends: float | None) -> bool:
    """Wait for one event; a wait that only this request has no time for says nothing about the database."""
    until = getattr(_of_this_thread, "until", None)
    first = min((end for end in (ends, until) if end is not None), default=None)
    poller = select.poll()
    poller.register(descriptor, event)
    left = None if first is None else max(0.0, first - time.monotonic()) * 1000
    if poller.poll(left):
        return True
    if first == ends:
        gate.shut(time.monotonic())
    return False
