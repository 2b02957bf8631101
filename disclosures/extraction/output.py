"""What the reading process says, line by line, and the bounds on it."""

import json
import sys
from typing import Any

MAX_TEXT = 2_000_000  # characters kept of one file
MAX_PARTS = 5_000
CHUNK = 64 * 1024
MAX_UNPACKED = 400 * 1024 * 1024  # bytes read out of archives, all entries together


class Unreadable(Exception):
    """This cannot be read; `reason` is a key that the portal has words for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Full(Exception):
    """So much text was read that the rest is left out."""


class Output:
    """Writes parts and gaps to the portal; counts what was read."""

    def __init__(self) -> None:
        self.room = MAX_TEXT
        self.parts = 0
        self.unpacked = 0
        self.inside: list[str] = []

    def part(self, kind: str, text: str, **place: Any) -> None:
        """A stretch of text and where it stands; empty ones are not worth a line."""
        if not text.strip():
            return
        kept = text[: self.room]
        self._say({"part": self._placed({"kind": kind, "text": kept, **place})})
        self.room -= len(kept)
        self.parts += 1
        if self.room <= 0 or self.parts >= MAX_PARTS:
            self.gap("cut")
            raise Full

    def gap(self, kind: str, **details: Any) -> None:
        """Something that was not screened."""
        self._say({"gap": self._placed({"kind": kind, **details})})

    def progress(self, done: int, of: int) -> None:
        """Percent, when the file itself is read rather than one inside it."""
        if not self.inside:
            self._say({"progress": min(99, 100 * done // max(of, 1))})

    def end(self, reason: str = "") -> None:
        """The last line: read, or why not."""
        self._say({"end": reason, "parts": self.parts})

    def unpack(self, count: int) -> None:
        """Count bytes read out of an archive; raise Unreadable for a bomb."""
        self.unpacked += count
        if self.unpacked > MAX_UNPACKED:
            raise Unreadable("too_large")

    def _placed(self, what: dict[str, Any]) -> dict[str, Any]:
        return {**what, "inside": " / ".join(self.inside)} if self.inside else what

    def _say(self, line: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
        sys.stdout.flush()
