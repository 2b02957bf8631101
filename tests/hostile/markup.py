"""Hostile markup, and a reader that finds it where it is alive."""

from html.parser import HTMLParser

MARK = "pr0be"
SCRIPT = f"<script>{MARK}()</script>"
HANDLER = f"\"'><img src=x onerror={MARK}()>"
PROBE = SCRIPT + HANDLER
VOID_OF_MEANING = "</title></textarea></style><!--<![<![<![x]>"
URL_ATTRIBUTES = frozenset(("href", "src", "action", "formaction", "data", "poster", "xlink:href"))


def hostile(word: str) -> str:
    """Markup that tells where it came from."""
    return f"{word}{PROBE}"


class Reader(HTMLParser):
    """Notes scripts, handlers and addresses that carry our mark, and any handler at all."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag, attrs):
        self.inside = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            value = (value or "").strip().lower()
            if name.startswith("on") or name == "style" or (name == "srcdoc"):
                self.found.append(f"<{tag} {name}={value[:60]!r}>")
            if name in URL_ATTRIBUTES and value.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append(f"<{tag} {name}={value[:60]!r}>")
            if MARK in name:
                self.found.append(f"<{tag}> got an attribute out of the text: {name[:60]}")

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside and MARK in data:
            self.found.append(f"text of a reader inside <{self.inside}>: {data[:60]!r}")

    def handle_comment(self, data):
        if MARK in data:
            self.found.append(f"text of a reader opened a comment: {data[:60]!r}")


def faults_in(page: str) -> list[str]:
    """Live markup in a page, inline handlers and styles included; pages without our mark are not read."""
    if MARK not in page:
        return []
    reader = Reader()
    reader.feed(page)
    reader.close()
    return [f"live markup: {fault}" for fault in reader.found]
