"""Senders of opinions, each a thread: open the form, send it, and send the same again until the receipt comes."""

import http.client
import re
import string
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from scripts.durability_ledger import BROKEN, Attempt, Ledger

NEW = "/feedback/new/"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}\b")
AREA = re.compile(r"<textarea[^>]*>(.*?)</textarea>", re.DOTALL)
SILENCE = 15  # seconds without an answer
TRIES = 60  # of one opinion
PAUSE = 0.2  # seconds before the next try


@dataclass(frozen=True)
class Reply:
    """An answer, or what stands for one that did not come."""

    status: int
    text: str = ""
    says_when: bool = False


class Sender(threading.Thread):
    """One person who goes on sending until `ended`, and then finishes the opinion in hand."""

    def __init__(self, port: int, name: str, ledger: Ledger, ended: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.port = port
        self.ledger = ledger
        self.ended = ended

    def run(self) -> None:
        """Send one opinion after the other."""
        for number, word in enumerate(words()):
            if self.ended.is_set():
                return
            hidden = self.opened()
            if hidden:
                self.send(f"{self.name}{word}", hidden, is_named=number % 3 == 0)

    def opened(self) -> dict[str, str]:
        """The hidden fields of a fresh form; empty when the time was over before it opened."""
        while not self.ended.is_set():
            reply = self.ask("GET")
            self.ledger.attempts.append(
                Attempt("GET", "", reply.status, time.monotonic(), says_when=reply.says_when, told=seen(reply.text))
            )
            if reply.status == 200:
                return {name: unescape(value) for name, value in HIDDEN.findall(reply.text)}
            time.sleep(PAUSE)
        return {}

    def send(self, marker: str, hidden: dict[str, str], *, is_named: bool) -> None:
        """Send one opinion until its receipt comes; always the same words with the same token."""
        typed = {"kind": "opinion", "unit": "JG", "text": f"停电也不会丢的意见 {marker}", "website": ""}
        typed |= {"name": f"来信人{marker}" if is_named else "", "contact": ""}
        for _try in range(TRIES):
            reply = self.ask("POST", urlencode({**hidden, **typed}).encode())
            code = CODE.search(reply.text) if reply.status == 200 else None
            attempt = Attempt(
                "POST",
                marker,
                reply.status,
                time.monotonic(),
                code=code[0] if code else "",
                says_when=reply.says_when,
                keeps_text=any(marker in area for area in AREA.findall(reply.text))
                or f'"{typed["text"]}"' in reply.text,
                told="" if code else seen(reply.text),
            )
            self.ledger.attempts.append(attempt)
            if code:
                return
            time.sleep(PAUSE)
        self.ledger.given_up.append(marker)

    def ask(self, method: str, body: bytes | None = None) -> Reply:
        """One request over a line of its own."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SILENCE)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            client.request(method, NEW, body, kind)
            answer = client.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Reply(answer.status, text, answer.headers["Retry-After"] is not None)
        except (OSError, http.client.HTTPException):
            return Reply(BROKEN)
        finally:
            client.close()


def words() -> Iterator[str]:
    """`aaaa`, `aaab`, …: no digits, which screening might take for a number of somebody."""
    letters = string.ascii_lowercase
    for number in range(len(letters) ** 4):
        yield "".join(letters[number // len(letters) ** place % len(letters)] for place in (3, 2, 1, 0))


def seen(page: str) -> str:
    """The heading and the first error of a page, to say which answer came."""
    parts = re.findall(r"<h1>(.*?)</h1>|class=\"error-summary[^>]*>(.*?)</div>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", first or second).strip() for first, second in parts)[:120]
