"""Word documents: body, tables, text boxes, headers, notes, comments, tracked deletions, properties."""

import re
import zipfile

from disclosures.extraction.markup import Attributes, Walker, walk
from disclosures.extraction.output import Output

_TEXT = frozenset({"t", "delText", "instrText", "text"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_LINE_ENDS = frozenset({"p", "tr", "comment"})
KINDS = (
    (re.compile(r"word/document\d*\.xml"), "body"),
    (re.compile(r"word/(?:header|footer)\d*\.xml"), "header"),
    (re.compile(r"word/(?:footnotes|endnotes)\.xml"), "notes"),
    (re.compile(r"word/comments.*\.xml"), "comment"),
    (re.compile(r"word/(?:charts|diagrams)/[^/]+\.xml"), "drawing"),
    (re.compile(r"word/glossary/document\.xml"), "other"),
    (re.compile(r"docProps/[^/]+\.xml|customXml/item\d+\.xml"), "property"),
)


class Paragraphs(Walker):
    """Text as lines; what tracking shows as deleted apart."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.deleted: list[str] = []
        self._open = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Text begins, or a break stands."""
        self._open = name if name in _TEXT else ""
        self.shown.append(_BREAKS.get(name, ""))

    def end(self, name: str) -> None:
        """Lines end with paragraphs, cells with tabs."""
        self._open = ""
        if name in _LINE_ENDS:
            self.shown.append("\n")
            if self.deleted and self.deleted[-1] != "\n":
                self.deleted.append("\n")
        elif name == "tc":
            self.shown.append("\t")

    def data(self, text: str) -> None:
        """Signs of a run."""
        if self._open == "delText":
            self.deleted.append(text)
        elif self._open:
            self.shown.append(text)

    def text(self) -> str:
        """What the document shows; a cell's last line end is no line of its own."""
        return "".join(self.shown).replace("\n\t", "\t")


class Everything(Walker):
    """Every text and every value, an element a line: properties, caches, charts."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Values that stand in attributes."""
        self.found += [f"{attributes[key]}\n" for key in ("v", "val", "name", "string") if attributes.get(key)]

    def end(self, name: str) -> None:
        """An element a line."""
        self.found.append("\n")

    def data(self, text: str) -> None:
        """Signs."""
        self.found.append(text)

    def text(self) -> str:
        """Lines without the empty ones."""
        return "\n".join(line for line in "".join(self.found).split("\n") if line.strip())


def read_word(archive: zipfile.ZipFile, output: Output) -> None:
    """Every part of the document that holds text, in the order body, then the rest."""
    names = archive.namelist()
    matched = [(name, kind) for pattern, kind in KINDS for name in names if pattern.fullmatch(name)]
    for done, (name, kind) in enumerate(matched):
        if kind in ("property", "drawing"):
            read_everything(archive, name, kind, output)
            continue
        paragraphs = Paragraphs()
        walk(archive, name, paragraphs, output)
        output.part(kind, paragraphs.text())
        output.part("deleted", "".join(paragraphs.deleted))
        output.progress(done + 1, len(matched))


def read_everything(archive: zipfile.ZipFile, name: str, kind: str, output: Output) -> None:
    """All texts and values of one XML file inside."""
    everything = Everything()
    walk(archive, name, everything, output)
    output.part(kind, everything.text())
