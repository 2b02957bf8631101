"""A Word document brought down to what a disclosure keeps, as a small document of the same kind.

Kept: headings, paragraphs with their labels written out, bullets, bold, italic, underline, links, tables, footnotes as
text, tracked insertions. Text boxes follow their paragraph. Everything else is left behind; images are counted.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from disclosures.word.numbering import Label, Numbering
from disclosures.word.styles import Styles
from disclosures.word.xml import STRICT_R, R, W, attribute_of, is_on, parse, plain, value, walk, whole

MARKS = (("b", "b"), ("i", "i"), ("u", "u"))
INTO = frozenset(W + name for name in "ins moveTo smartTag customXml fldSimple sdt sdtContent dir bdo rubyBase".split())
LEFT_OUT = frozenset(
    W + name for name in "del moveFrom pPr rPr sdtPr sdtEndPr rt rubyPr instrText delText delInstrText".split()
)
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
HEADING = "PortalHeading"  # and the level: 2, 3 or 4


@dataclass(frozen=True)
class Run:
    """Words with the same marks, and where they lead."""

    text: str
    marks: str = ""
    link: str = ""


@dataclass
class Paragraph:
    """One paragraph as it will stand in the body."""

    runs: list[Run]
    label: Label | None = None
    heading: int = 0
    alignment: str = ""
    is_title: bool = False
    boxes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words alone, with the label a reader sees."""
        return ((self.label.text if self.label else "") + "".join(run.text for run in self.runs)).strip()


Block = Paragraph | str  # a table is finished XML


class Simplifier:
    """Reads one document in order; counts what it leaves out."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.styles = Styles(parse(archive, "word/styles.xml"))
        self.numbering = Numbering(parse(archive, "word/numbering.xml"), self.styles)
        self.links = _links(archive)
        self.notes = {kind: _notes(archive, kind) for kind in ("footnote", "endnote")}
        self.cited: list[str] = []
        self.images = 0
        self.text_boxes = 0

    def blocks(self) -> Iterator[Block]:
        """Paragraphs and tables of the body, then the footnotes; each is forgotten once it is read."""
        path: list[ET.Element] = []
        for event, element in walk(self.archive, "word/document.xml"):
            if event == "start":
                path.append(element)
                continue
            path.pop()
            if len(path) == 2:  # a child of the body
                yield from self.block(element)
                path[-1].remove(element)
        yield from (Paragraph([Run(note)]) for note in self.cited)

    def block(self, element: ET.Element) -> Iterator[Block]:
        """One paragraph, table or wrapper around such."""
        if element.tag == W + "p":
            paragraph = self.paragraph(element)
            if paragraph.text or paragraph.label:
                yield paragraph
            yield from paragraph.boxes
        elif element.tag == W + "tbl":
            yield self.table(element)
        elif element.tag in INTO:
            for child in element:
                yield from self.block(child)

    def paragraph(self, element: ET.Element) -> Paragraph:
        """One paragraph with its label; a paragraph whose every word was deleted takes no number."""
        properties = element.find(W + "pPr")
        boxes: list[str] = []
        runs = _joined(self.runs(element, "", boxes))
        style = value(properties, "pStyle")
        mark = properties.find(W + "rPr") if properties is not None else None
        is_deleted = mark is not None and mark.find(W + "del") is not None and not runs
        outline = value(properties, "outlineLvl")
        level = whole(outline) if outline is not None else self.styles.outline_level(style)
        return Paragraph(
            runs,
            label=None if is_deleted else self.numbering.label_of(properties),
            heading=0 if level is None or level > 8 else min(level + 2, 4),
            alignment=value(properties, "jc") or self.styles.alignment(style),
            is_title=self.styles.is_title(style),
            boxes=boxes,
        )

    def runs(self, element: ET.Element, link: str, boxes: list[str]) -> Iterator[Run]:
        """The words below `element`, tracked insertions included and deletions not."""
        for child in element:
            tag = plain(child.tag)
            if tag == W + "r":
                yield from self.run(child, link, boxes)
            elif tag == W + "hyperlink":
                target = child.get(R + "id") or child.get(STRICT_R + "id") or ""
                yield from self.runs(child, self.links.get(target, link), boxes)
            elif tag == MATH_TEXT:
                yield Run(child.text or "")
            elif tag not in LEFT_OUT:
                yield from self.runs(child, link, boxes)

    def run(self, element: ET.Element, link: str, boxes: list[str]) -> Iterator[Run]:
        """One run: text, breaks, references to notes; hidden words are left out."""
        properties = element.find(W + "rPr")
        if is_on(properties, "vanish"):
            return
        marks = "".join(mark for name, mark in MARKS if is_on(properties, name))
        for child in element:
            yield from self.piece(child, marks, link, boxes)

    def piece(self, child: ET.Element, marks: str, link: str, boxes: list[str]) -> Iterator[Run]:
        """One thing within a run."""
        tag = plain(child.tag)
        if tag == W + "t":
            yield Run(child.text or "", marks, link)
        elif tag in (W + "tab", W + "ptab"):
            yield Run(" ", marks, link)
        elif tag in (W + "br", W + "cr"):
            kind = attribute_of(child, "type")
            yield Run("\n" if kind in (None, "textWrapping") else "", marks, link)
        elif tag == W + "noBreakHyphen":
            yield Run("-", marks, link)
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            yield Run(self.cite(tag.removeprefix(W).removesuffix("Reference"), attribute_of(child, "id") or ""))
        elif tag == W + "ruby":
            base = child.find(W + "rubyBase")
            yield from self.runs(base, link, boxes) if base is not None else ()
        elif tag in (W + "drawing", W + "pict", W + "object", ALTERNATIVES):
            self.drawing(child, boxes)

    def cite(self, kind: str, key: str) -> str:
        """The sign of a note in the text; the note itself follows at the end."""
        note = self.notes[kind].get(key)
        if note is None:
            return ""
        self.cited.append(f"[{len(self.cited) + 1}] {note}")
        return f"[{len(self.cited)}]"

    def drawing(self, element: ET.Element, boxes: list[str]) -> None:
        """Count images; put the paragraphs of text boxes behind the paragraph they hang on, once."""
        if plain(element.tag) == ALTERNATIVES and len(element):
            element = element[0]
        self.images += sum(1 for found in element.iter() if found.tag in PICTURES)
        for box in list(_outermost(element, W + "txbxContent")):
            self.text_boxes += 1
            boxes += [block_xml(block) for child in box for block in self.block(child)]

    def table(self, element: ET.Element) -> str:
        """A table with its merged cells; deleted rows are left out."""
        rows = "".join(self.row(row) for row in _within(element, W + "tr"))
        return f"<w:tbl>{rows}</w:tbl>"

    def row(self, element: ET.Element) -> str:
        """One row; a heading row stays one."""
        properties = element.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            return ""
        head = "<w:trPr><w:tblHeader/></w:trPr>" if is_on(properties, "tblHeader") else ""
        return f"<w:tr>{head}{''.join(self.cell(cell) for cell in _within(element, W + 'tc'))}</w:tr>"

    def cell(self, element: ET.Element) -> str:
        """One cell with how far it reaches."""
        properties = element.find(W + "tcPr")
        span = whole(value(properties, "gridSpan"), 1, most=100)
        merge = properties.find(W + "vMerge") if properties is not None else None
        kept = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        if merge is not None:
            kept += '<w:vMerge w:val="restart"/>' if attribute_of(merge, "val") == "restart" else "<w:vMerge/>"
        inside = "".join(block_xml(block) for child in element for block in self.block(child))
        return f"<w:tc><w:tcPr>{kept}</w:tcPr>{inside or '<w:p/>'}</w:tc>"


def block_xml(block: Block) -> str:
    return block if isinstance(block, str) else paragraph_xml(block)


def paragraph_xml(paragraph: Paragraph) -> str:
    """The paragraph as a small piece of WordprocessingML; its label has become text."""
    properties = ""
    if paragraph.heading:
        properties = f'<w:pStyle w:val="{HEADING}{paragraph.heading}"/>'
    runs = paragraph.runs
    if paragraph.label is not None and paragraph.label.is_bullet:
        properties = f'<w:numPr><w:ilvl w:val="{paragraph.label.level}"/><w:numId w:val="1"/></w:numPr>'
    elif paragraph.label is not None:
        runs = [Run(paragraph.label.text), *runs]
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(_run_xml(run) for run in runs)}</w:p>"


def _run_xml(run: Run) -> str:
    values = {"b": "1", "i": "1", "u": "single"}
    marks = "".join(f'<w:{mark} w:val="{values[mark]}"/>' for mark in run.marks)
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in run.text.split("\n"))
    xml = f"<w:r><w:rPr>{marks}</w:rPr>{lines}</w:r>"
    return f"<w:hyperlink r:id={quoteattr(run.link)}>{xml}</w:hyperlink>" if run.link else xml


def _joined(runs: Iterator[Run]) -> list[Run]:
    """Neighbours with the same marks as one: Word cuts a sentence at every correction of its spelling."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and (joined[-1].marks, joined[-1].link) == (run.marks, run.link):
            joined[-1] = Run(joined[-1].text + run.text, run.marks, run.link)
        else:
            joined.append(run)
    return joined


def _within(element: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Children of this kind, those inside content controls and the like included."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in INTO:
            yield from _within(child, tag)


def _outermost(element: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Elements of this kind that stand in no other of the kind: boxes within boxes are read with the outer one."""
    for child in element:
        if plain(child.tag) == tag:
            yield child
        else:
            yield from _outermost(child, tag)


def _links(archive: zipfile.ZipFile) -> dict[str, str]:
    """Addresses outside the document by the key the text uses."""
    root = parse(archive, "word/_rels/document.xml.rels")
    rows = root if root is not None else ()
    return {row.get("Id", ""): row.get("Target", "") for row in rows if row.get("TargetMode") == "External"}


def _notes(archive: zipfile.ZipFile, kind: str) -> dict[str, str]:
    """Footnotes or endnotes as text, without the lines Word draws between them and the page."""
    root = parse(archive, f"word/{kind}s.xml")
    notes: dict[str, str] = {}
    for note in root.findall(W + kind) if root is not None else ():
        deleted = {text for gone in note.iter(W + "del") for text in gone.iter()}
        words = "".join(text.text or "" for text in note.iter(W + "t") if text not in deleted).strip()
        if attribute_of(note, "type") in (None, "normal") and words:
            notes[attribute_of(note, "id") or ""] = words
    return notes
