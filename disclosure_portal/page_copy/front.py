"""The front of the application: answers from a copy that holds now, else asks Django and keeps the answer.

The version is read before the content, so a change in between can only cost a copy. While the database is away or slow
the last good copy serves inside its own interval, for a minute at the most, and says so.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import Any, TypeGuard

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpResponse

from disclosure_portal.page_copy.addresses import Key, impersonal, key_of, may_be_kept
from disclosure_portal.page_copy.store import Copy, Headers, Store
from disclosure_portal.page_copy.watch import Versions, Watch
from disclosures.content_scopes import scopes_of
from disclosures.content_version import next_change
from disclosures.reads import count_read, is_by_a_person, item_read

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
LAST_GOOD = 60.0  # seconds for which a copy serves without the database
TURNS = 64
TURN = 2.0  # seconds to wait for another thread that is asking for the same page
MARK = "X-Portal-Copy"


def now() -> datetime:
    """The instant of the answer."""
    return datetime.now(UTC)


class PageCopies:
    """A WSGI application in front of another."""

    def __init__(self, app: Application, most_bytes: int, watch: Watch | None = None) -> None:
        self.app = app
        self.store = Store(most_bytes)
        self.watch = watch or Watch()
        self._turns = [Lock() for _place in range(TURNS)]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = key_of(environ)
        if key is None:
            return self.app(environ, start_response)
        copy = self.store.get(key)
        if copy is None and not may_be_kept(environ, key):
            return self.app(environ, start_response)
        versions = self.watch.versions()
        if versions is None:
            return self._without_database(environ, start_response, copy)
        if copy is not None and self._holds(copy, versions):
            return self._again(copy, environ, start_response)
        return self._in_turn(environ, start_response, key, versions)

    @staticmethod
    def _holds(copy: Copy, versions: Versions) -> bool:
        """Whether `copy` is what Django would answer at this instant."""
        if copy.agreed_with is not versions:
            if not versions.agree(copy.stamps):
                return False
            copy.agreed_with = versions
        return copy.made_at <= now() < copy.until

    def _in_turn(
        self, environ: Environ, start_response: StartResponse, key: Key, versions: Versions
    ) -> Iterable[bytes]:
        """Ask for the page; of several threads that want the same one, those that come later use the first answer."""
        turn = self._turns[hash(key) % TURNS]
        has_turn = turn.acquire(timeout=TURN)
        try:
            copy = self.store.get(key)
            if copy is None or not self._holds(copy, versions):
                return self._ask(environ, start_response, key, versions)
        finally:
            if has_turn:
                turn.release()
        return self._again(copy, environ, start_response)

    @staticmethod
    def _again(copy: Copy, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from a copy; Django, which counts the times an item is read, does not hear of it."""
        if copy.reads_of and is_by_a_person(environ):
            count_read(copy.reads_of)
        return send(copy, environ, start_response)

    def _ask(self, environ: Environ, start_response: StartResponse, key: Key, versions: Versions) -> Iterable[bytes]:
        """The answer of Django to an impersonal request, kept where it may be."""
        began = now()
        told: list[Any] = []
        response = self.app(impersonal(environ, key), lambda *given: told.append(given))
        status, headers = told[-1][:2]
        if not _is_whole(response):
            start_response(*told[-1])
            return response
        try:
            body = b"".join(response)
            if _is_public(status, headers):
                copy = self._made(response, headers, body, versions, began)
                if copy is not None:
                    self.store.put(key, copy)
                    return send(copy, environ, start_response)
        finally:
            response.close()
        if status.startswith("503") and (kept := self.store.get(key)) is not None and self._was_good(kept):
            return send(kept, environ, start_response, marked=True)
        start_response(*told[-1])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _made(
        self, response: HttpResponse, headers: Headers, body: bytes, versions: Versions, began: datetime
    ) -> Copy | None:
        """The copy of an answer; None where the database cannot say how long it holds."""
        interval = versions.interval
        if interval is None or not interval[0] <= began < interval[1]:
            with suppress(DatabaseError):
                interval = versions.interval = (began, next_change(began))
        if interval is None or not interval[0] <= began:
            return None
        return Copy(headers, body, versions.of(scopes_of(response)), began, interval[1], item_read(response))

    def _without_database(self, environ: Environ, start_response: StartResponse, copy: Copy | None) -> Iterable[bytes]:
        """The last good copy, marked; else Django says 503."""
        if copy is not None and self._was_good(copy):
            return send(copy, environ, start_response, marked=True)
        return self.app(environ, start_response)

    def _was_good(self, copy: Copy) -> bool:
        """Whether `copy` held when the database last answered, lately enough, and its interval goes on."""
        last = self.watch.last
        is_recent = monotonic() - self.watch.confirmed <= LAST_GOOD
        return is_recent and last is not None and self._holds(copy, last)


def _is_whole(response: Any) -> TypeGuard[HttpResponse]:
    """Whether the answer stands in memory, as pages do and files do not."""
    return isinstance(response, HttpResponse) and not response.streaming


def _is_public(status: str, headers: Headers) -> bool:
    """Whether the answer may be given to others: 200, marked public, no cookie, no nonce."""
    if not status.startswith("200 "):
        return False
    said = {name.lower(): value.lower() for name, value in headers}
    stored = said.get("cache-control", "")
    is_open = "public" in stored and "no-store" not in stored and "private" not in stored
    return is_open and "set-cookie" not in said and "'nonce-" not in said.get("content-security-policy", "")


def send(copy: Copy, environ: Environ, start_response: StartResponse, *, marked: bool = False) -> list[bytes]:
    """Answer one reader from `copy`; `marked` where nobody could ask whether it still holds."""
    status, headers, body = copy.answer(environ)
    headers = list(headers)
    if marked:
        age = max(0, round((now() - copy.made_at).total_seconds()))
        headers += [(MARK, "database-away"), ("Age", str(age)), ("Warning", '110 - "Response is Stale"')]
    start_response(status, headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def with_copies(app: Application) -> Application:
    """`app` behind the page copies that the settings ask for."""
    return PageCopies(app, settings.PORTAL_PAGE_COPY_BYTES) if settings.PORTAL_PAGE_COPY else app
