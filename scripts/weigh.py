"""What a page costs on the wire: its HTML and every static file it needs, as a browser would fetch them."""

import gzip
import re
import urllib.request
from dataclasses import dataclass
from urllib.parse import urljoin

_STYLES = re.compile(r'<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="([^"]+)"')
_ICONS = re.compile(r'<link\b(?=[^>]*\brel="icon")[^>]*\bhref="([^"]+)"')
_SOURCES = re.compile(r'<(?:script|img)\b[^>]*\bsrc="([^"]+)"')
_IN_CSS = re.compile(r"(?:url\(|@import )[\"']?([^\"')]+)")


@dataclass(frozen=True)
class Weight:
    """Bytes of one page: HTML plain, as sent and as gzip would make it; static files as sent, and how many."""

    html: int
    html_sent: int
    html_gzip: int
    static_sent: int
    files: int

    @property
    def sent(self) -> int:
        """Bytes of bodies that a first visit transfers."""
        return self.html_sent + self.static_sent


def fetch(address: str, encodings: str = "gzip, br") -> tuple[bytes, str]:
    """Body as sent and its encoding; raises urllib.error.HTTPError for anything but success."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": encodings})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return response.read(), response.headers.get("Content-Encoding", "")


def weigh(address: str) -> Weight:
    """Weigh the page at `address` and everything it names."""
    html = fetch(address, "identity")[0]
    files = {urljoin(address, found) for pattern in (_STYLES, _ICONS, _SOURCES) for found in _named(pattern, html)}
    for style in [file for file in files if file.endswith(".css")]:
        files |= {urljoin(style, found) for found in _named(_IN_CSS, fetch(style, "identity")[0])}
    fetched = [file for file in files if file.startswith("http")]
    return Weight(
        html=len(html),
        html_sent=len(fetch(address)[0]),
        html_gzip=len(gzip.compress(html, 6)),
        static_sent=sum(len(fetch(file)[0]) for file in fetched),
        files=len(fetched),
    )


def _named(pattern: re.Pattern[str], text: bytes) -> list[str]:
    return [found for found in pattern.findall(text.decode()) if not found.startswith("data:")]
