"""Ask the site something hostile and judge the answer: a clear 4xx in its own look, never a 5xx, never silence."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.db import transaction
from django.test import Client

from tests.access.policy import ANONYMOUS, Row
from tests.hostile.markup import faults_in
from tests.people import person

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = (ANONYMOUS, "drafter", "examiner", "leader", "sysadmin", "auditor", "party_member")


def browser(who: str) -> Client:
    """A browser of one of the cast; a fault of ours comes back as a 500, as it would to a reader."""
    client = Client(raise_request_exception=False)
    if who != ANONYMOUS:
        client.force_login(person(who), backend=BACKEND)
    return client


@dataclass
class Sweep:
    """Browsers by name, and everything that was wrong so far."""

    browsers: dict[str, Client] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    asked: int = 0

    def browser(self, who: str) -> Client:
        if who not in self.browsers:
            self.browsers[who] = browser(who)
        return self.browsers[who]

    def ask(self, who: str, method: str, address: str, *args: Any, **kwargs: Any) -> Any:
        """One request whose traces in the database and the browser are undone; the answer is judged."""
        client = self.browser(who)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.asked += 1
        with transaction.atomic():
            response = getattr(client, method)(address, *args, **kwargs)
            text = body_of(response)
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies)
        response.said = text
        self.judge(f"{method} {address[:160]} as {who}", response, text)
        return response

    def judge(self, asked: str, response: Any, text: str) -> None:
        for fault in faults_of(response, text):
            self.wrong.append(f"{asked}: {fault}")

    def must(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(what)

    def verdict(self) -> None:
        assert not self.wrong, f"{len(self.wrong)} of {self.asked}\n" + "\n".join(self.wrong[:60])


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def faults_of(response: Any, text: str) -> list[str]:
    """What is wrong with an answer to whatever was asked."""
    status, kind = response.status_code, response.get("Content-Type", "").partition(";")[0]
    found = []
    if status >= 500:
        reason = getattr(response, "exc_info", None)
        found.append(f"{status} {reason[1]!r}"[:400] if reason else str(status))
    if status >= 400 and not kind.endswith("json") and not ('<html lang="' in text and "tokens.css" in text):
        found.append(f"{status} without the site's look: {text[:80]!r}")
    if 300 <= status < 400 and status != HTTPStatus.NOT_MODIFIED and not is_ours(response.get("Location", "")):
        found.append(f"leads to {response['Location']!r}")
    if kind == "text/html":
        found += faults_in(text)
    return found + not_well_formed(kind, response, text)


def is_ours(location: str) -> bool:
    parts = urlsplit(location)
    return not parts.scheme and not parts.netloc and location.startswith("/") and not location.startswith(("//", "/\\"))


def not_well_formed(kind: str, response: Any, text: str) -> list[str]:
    """XML and JSON that a reader's program could not read; files are passed on as they are."""
    if "attachment" in response.get("Content-Disposition", ""):
        return []
    try:
        if kind.endswith("xml"):
            ElementTree.fromstring(text)
        elif kind.endswith("json"):
            json.loads(text)
    except (ElementTree.ParseError, ValueError) as error:
        return [f"{kind} is not well-formed: {error}"]
    return []


def insider(row: Row, turn: int = 0) -> str:
    """One who gets furthest at an address, by turns; an examiner where nobody gets a 200."""
    allowed = [who for who in ROLES if who in row.allowed] or sorted(row.allowed) or ["examiner"]
    return allowed[turn % len(allowed)]
