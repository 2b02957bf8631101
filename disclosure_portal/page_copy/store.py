"""The copies of one process: bounded in bytes, the least recently used leaves first."""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

import brotli

from disclosure_portal.page_copy.addresses import Key

Headers = list[tuple[str, str]]
OVERHEAD = 2048  # bytes that a copy costs beside its bodies
PACKERS: dict[str, Callable[[bytes], bytes]] = {  # the densest first; both take a millisecond or two for a page
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
SMALL = 500  # bytes that are not worth compressing
OF_THE_BODY = {"content-length", "etag", "content-encoding"}
WITH_304 = {"cache-control", "content-location", "expires", "vary"}


@dataclass
class Copy:
    """One page as it was answered, with what it rests on and how long it holds by itself."""

    headers: Headers
    body: bytes
    stamps: Mapping[str, Any]
    made_at: datetime
    until: datetime
    tag: str = field(init=False)
    reads_of: str = ""  # the item whose times read an answer adds to
    uses: int = 0
    squeezed: dict[str, tuple[Headers, bytes]] = field(default_factory=dict)  # by encoding
    agreed_with: object = None  # the versions with which it was last compared

    def __post_init__(self) -> None:
        self.tag = f'W/"{hashlib.blake2b(self.body, digest_size=9).hexdigest()}"'
        kept = [(name, value) for name, value in self.headers if name.lower() not in OF_THE_BODY]
        self.headers = [*_with_vary(kept, "Accept-Encoding"), ("ETag", self.tag)]
        self.short = [pair for pair in self.headers if pair[0].lower() in WITH_304 or pair[0] == "ETag"]
        self.plain = [*self.headers, ("Content-Length", str(len(self.body)))]

    @property
    def size(self) -> int:
        """Bytes it is counted for."""
        return len(self.body) + sum(len(body) for _headers, body in self.squeezed.values()) + OVERHEAD

    def squeeze(self, encoding: str) -> None:
        """Compress the body, once for each encoding; a page that is asked for a single time is not worth it."""
        packed = PACKERS[encoding](self.body)
        told = [*self.headers, ("Content-Encoding", encoding), ("Content-Length", str(len(packed)))]
        self.squeezed = {**self.squeezed, encoding: (told, packed)}  # another thread may be counting the old one

    def answer(self, environ: Mapping[str, Any]) -> tuple[str, Headers, bytes]:
        """Status line, headers and body for one reader."""
        asked = environ.get("HTTP_IF_NONE_MATCH", "")
        if asked.strip() == "*" or self.tag[2:] in asked:
            return "304 Not Modified", self.short, b""
        self.uses += 1
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) if len(self.body) > SMALL else ""
        if encoding and encoding not in self.squeezed and self.uses > 1:
            self.squeeze(encoding)
        if encoding in self.squeezed:
            return "200 OK", *self.squeezed[encoding]
        return "200 OK", self.plain, self.body


def _with_vary(headers: Headers, word: str) -> Headers:
    others = [pair for pair in headers if pair[0].lower() != "vary"]
    varies = [value for name, value in headers if name.lower() == "vary"]
    return [*others, ("Vary", ", ".join([*varies, word]))]


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """The densest encoding that `Accept-Encoding` names, and not with a weight of nothing; empty for none.

    Whoever accepts anything (`*`) gets gzip, which everything reads.
    """
    parts = re.findall(r"(?:^|,)\s*([a-z0-9*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+))?\s*(?=,|$)", accepted.lower())
    weights = {name: weight.strip("0.") != "" or not weight for name, weight in parts}
    weights.setdefault("gzip", weights.get("*", False))
    return next((encoding for encoding in PACKERS if weights.get(encoding)), "")


class Store:
    """Copies by key."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._copies: OrderedDict[Key, tuple[Copy, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._copies)

    def get(self, key: Key) -> Copy | None:
        """The copy under `key`, now the most recently used."""
        with self._lock:
            held = self._copies.get(key)
            if held is None:
                return None
            self._copies.move_to_end(key)
            copy, counted = held
            if copy.size != counted:  # it was compressed meanwhile
                self._copies[key] = (copy, copy.size)
                self.bytes += copy.size - counted
                self._shrink()
            return copy

    def put(self, key: Key, copy: Copy) -> None:
        """Keep `copy`; one that would fill an eighth of the store is not kept."""
        with self._lock:
            self._drop(key)
            if copy.size * 8 <= self.most_bytes:
                self._copies[key] = (copy, copy.size)
                self.bytes += copy.size
                self._shrink()

    def _drop(self, key: Key) -> None:
        held = self._copies.pop(key, None)
        if held is not None:
            self.bytes -= held[1]

    def _shrink(self) -> None:
        while self.bytes > self.most_bytes and self._copies:
            self._drop(next(iter(self._copies)))
