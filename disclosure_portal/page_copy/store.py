"""The copies of one process: bounded in bytes, the least recently used leaves first."""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from disclosure_portal.page_copy.addresses import Key

Headers = list[tuple[str, str]]
OVERHEAD = 2048  # bytes that a copy costs beside its bodies
LEVEL = 6  # of gzip
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
    squeezed: bytes | None = None
    agreed_with: object = None  # the versions with which it was last compared

    def __post_init__(self) -> None:
        self.tag = f'W/"{hashlib.blake2b(self.body, digest_size=9).hexdigest()}"'
        kept = [(name, value) for name, value in self.headers if name.lower() not in OF_THE_BODY]
        self.headers = [*_with_vary(kept, "Accept-Encoding"), ("ETag", self.tag)]
        self.short = [pair for pair in self.headers if pair[0].lower() in WITH_304 or pair[0] == "ETag"]
        self.plain = [*self.headers, ("Content-Length", str(len(self.body)))]
        self.packed = self.headers

    @property
    def size(self) -> int:
        """Bytes it is counted for."""
        return len(self.body) + len(self.squeezed or b"") + OVERHEAD

    def squeeze(self) -> None:
        """Compress the body, once; a page that is asked for a single time is not worth it."""
        packed = gzip.compress(self.body, LEVEL, mtime=0)
        self.packed = [*self.headers, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))]
        self.squeezed = packed

    def answer(self, environ: Mapping[str, Any]) -> tuple[str, Headers, bytes]:
        """Status line, headers and body for one reader."""
        if self.tag[2:] in environ.get("HTTP_IF_NONE_MATCH", ""):
            return "304 Not Modified", self.short, b""
        self.uses += 1
        if len(self.body) > SMALL and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            if self.squeezed is None and self.uses > 1:
                self.squeeze()
            if self.squeezed is not None:
                return "200 OK", self.packed, self.squeezed
        return "200 OK", self.plain, self.body


def _with_vary(headers: Headers, word: str) -> Headers:
    others = [pair for pair in headers if pair[0].lower() != "vary"]
    varies = [value for name, value in headers if name.lower() == "vary"]
    return [*others, ("Vary", ", ".join([*varies, word]))]


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Whether `Accept-Encoding` names gzip, and not with a weight of nothing."""
    found = re.search(r"(?:^|[,\s])(?:gzip|\*)\s*(?:;\s*q\s*=\s*([0-9.]+))?\s*(?:,|$)", accepted.lower())
    return found is not None and (found[1] is None or found[1].strip("0.") != "")


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
