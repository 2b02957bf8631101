"""The content version as one process knows it, asked anew for every answer on a connection of its own.

The connection is apart from Django's so that a slow database is noticed in a second, whatever the statements of pages
may take.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

from django.db import Error as DatabaseError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from disclosures.content_scopes import ALL
from disclosures.content_version import STAMP_OF_ALL, STAMPS
from disclosures.prepared import keeps_a_session

PATIENCE = 1.0  # seconds for an answer of the database
REST = 1.0  # seconds without asking after it failed
AGE = 300.0  # seconds after which the connection is made anew


class Versions:
    """The stamps of all scopes at one moment, and when time itself will change a page of that moment."""

    def __init__(self, stamps: Mapping[str, Any]) -> None:
        self.stamps = stamps
        self.interval: tuple[datetime, datetime] | None = None

    def of(self, scopes: frozenset[str]) -> dict[str, Any]:
        """The stamps of `scopes`; a scope nobody touched yet has none."""
        return {scope: self.stamps.get(scope) for scope in scopes}

    def agree(self, stamps: Mapping[str, Any]) -> bool:
        """Whether these scopes still have these stamps."""
        return all(self.stamps.get(scope) == stamp for scope, stamp in stamps.items())


class Question:
    """A question to the database that several requests wait for."""

    def __init__(self) -> None:
        self.versions: Versions | None = None
        self._open = Lock()
        self._open.acquire()

    def over(self) -> None:
        """Let everyone go on who waits."""
        self._open.release()

    def wait(self) -> None:
        """Wait for the answer, for no longer than two questions may take."""
        if self._open.acquire(timeout=4 * PATIENCE):
            self._open.release()


class Watch:
    """Asks the database for the version; knows when it is away."""

    def __init__(self, alias: str = "default") -> None:
        self.last: Versions | None = None
        self.confirmed = float("-inf")  # when `last` was last seen to hold
        self._alias = alias
        self._connection: BaseDatabaseWrapper | None = None
        self._made = 0.0
        self._prepared_for: Any = None  # the driver's connection that knows the statements of `_prepared`
        self._prepared: dict[str, str] = {}
        self._away_until = float("-inf")
        self._lock = Lock()  # of `_next`, held for a moment
        self._turn = Lock()  # of the connection
        self._next: Question | None = None  # the question that has not begun yet

    def versions(self) -> Versions | None:
        """The versions that hold now; None when the database is away or slow.

        Requests that arrive while a question is under way share the next one: it begins after all of them did, so that
        what was changed before any of them is seen by each.
        """
        with self._lock:
            question = self._next
            is_asking = question is None
            if question is None:
                question = self._next = Question()
        if is_asking:
            self._answer(question)
        else:
            question.wait()
        return question.versions

    def _answer(self, question: "Question") -> None:
        """Ask the database for everyone who waits with `question`, after the question before it."""
        has_turn = self._turn.acquire(timeout=2 * PATIENCE)
        with self._lock:
            self._next = None  # whoever arrives from here on needs a later question
        try:
            if has_turn and monotonic() >= self._away_until:
                question.versions = self._ask()
        finally:
            if has_turn:
                self._turn.release()
            question.over()

    def _ask(self) -> Versions | None:
        was_open = self._connection is not None
        for attempt in (1, 2):
            try:
                return self._read()
            except DatabaseError:
                self._drop()
                if attempt == 2 or not was_open:  # an old connection may have ended since: a fresh one is asked once
                    break
        self._away_until = monotonic() + REST
        return None

    def _read(self) -> Versions:
        asked = monotonic()
        if self._connection is not None and asked - self._made > AGE:
            self._drop()
        (stamp,) = self._rows(STAMP_OF_ALL)[0]
        if self.last is None or self.last.stamps.get(ALL) != stamp:
            self.last = Versions(dict(self._rows(STAMPS)))
        self.confirmed = asked
        return self.last

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection, self._made = _own_connection(self._alias), monotonic()
        self._connection.ensure_connection()
        is_new = self._connection.connection is not self._prepared_for
        with self._connection.wrap_database_errors:
            cursor = self._connection.connection.cursor()  # the driver's own: Django's costs half as much again
            try:
                if is_new:
                    self._prepared = _prepared(self._connection, cursor)
                    self._prepared_for = self._connection.connection
                cursor.execute(self._prepared.get(sql, sql))
                return cursor.fetchall()
            finally:
                cursor.close()

    def _drop(self) -> None:
        if self._connection is not None:
            try:
                self._connection.close()
            except DatabaseError:
                self._connection.connection = None
        self._connection = self._prepared_for = None

    def close(self) -> None:
        """End the connection; the next question opens one."""
        with self._turn:
            self._drop()


def _prepared(own: BaseDatabaseWrapper, cursor: Any) -> dict[str, str]:
    """What is asked for every answer is planned once a connection, at half the price: the short name by the whole."""
    if not keeps_a_session(own):
        return {}
    cursor.execute(f"PREPARE portal_stamp AS {STAMP_OF_ALL}")
    return {STAMP_OF_ALL: "EXECUTE portal_stamp"}


def _own_connection(alias: str) -> BaseDatabaseWrapper:
    """A connection like Django's, with little patience, that any thread may use in turn."""
    usual = connections[alias]
    chosen = deepcopy(usual.settings_dict)
    options = chosen.setdefault("OPTIONS", {})
    if usual.vendor == "postgresql":
        options["connect_timeout"] = 2
        options["tcp_user_timeout"] = 2000
        options["options"] = f"{options.get('options', '')} -c statement_timeout={round(PATIENCE * 1000)}"
    else:
        options["timeout"] = PATIENCE
    own = type(usual)(chosen, alias)
    own.inc_thread_sharing()
    return own
