"""Workbooks: every sheet, also hidden ones, hidden rows and columns, comments, names, caches and properties."""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from disclosures.extraction.markup import Attributes, Walker, walk
from disclosures.extraction.output import MAX_TEXT, Output
from disclosures.extraction.word import read_everything

_ROWS_A_PART = 2_000
_WIDEST_GAP = 64  # columns without a cell that keep the others in their place
_COLUMN = re.compile("[A-Z]+")
_OTHERS = (
    (re.compile(r"xl/(?:comments[^/]*|comments/[^/]+|threadedComments/[^/]+)\.xml"), "comment"),
    (re.compile(r"xl/(?:drawings|charts|diagrams)/[^/]+\.(?:xml|vml)"), "drawing"),
    (re.compile(r"xl/(?:pivotCache|externalLinks|tables|queryTables|persons)/[^/]+\.xml|xl/connections\.xml"), "other"),
    (re.compile(r"docProps/[^/]+\.xml|customXml/item\d+\.xml"), "property"),
)


class Strings(Walker):
    """The shared strings, without phonetic readings; bounded."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._is_text = False
        self._size = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """A string begins."""
        if name == "si":
            self._pieces = []
        self._is_text = name == "t"

    def end(self, name: str) -> None:
        """A string ends; past the bound they are empty."""
        self._is_text = False
        if name == "si":
            text = "".join(self._pieces)
            self._size += len(text)
            self.strings.append(text if self._size <= 2 * MAX_TEXT else "")

    def data(self, text: str) -> None:
        """Signs of a string."""
        if self._is_text:
            self._pieces.append(text)


class Book(Walker):
    """Names and states of the sheets, and the defined names."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.names: list[str] = []
        self._is_name = False

    def start(self, name: str, attributes: Attributes) -> None:
        """A sheet or a defined name."""
        if name == "sheet":
            is_hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), attributes.get("id", ""), is_hidden))
        self._is_name = name == "definedName"
        if self._is_name:
            self.names.append(f"{attributes.get('name', '')} {attributes.get('comment', '')} ")

    def end(self, name: str) -> None:
        """A defined name ends."""
        self._is_name = False

    def data(self, text: str) -> None:
        """What the name stands for."""
        if self._is_name:
            self.names.append(text + "\n")


class Relations(Walker):
    """Which file a relation leads to."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """One relation."""
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            self.targets[attributes.get("Id", "")] = path


@dataclass
class Lines:
    """Rows gathered for one part."""

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class Sheet(Walker):
    """The cells of a sheet by rows; hidden rows and columns apart."""

    def __init__(self, name: str, is_hidden: bool, strings: list[str], output: Output) -> None:
        self.name, self.is_hidden, self.strings, self.output = name, is_hidden, strings, output
        self.lines: dict[str, Lines] = {"": Lines(), "row": Lines(), "column": Lines()}
        self.hidden_columns: list[tuple[int, int]] = []
        self.margins: list[str] = []
        self.row = 0
        self._is_row_hidden = False
        self._cells: list[str] = []
        self._hidden_cells: list[str] = []
        self._cell: list[str] = []
        self._type = self._open = ""
        self._column = 0
        self._value: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """Columns, rows, cells and their values."""
        if name == "col":
            self._note_column(attributes)
        elif name == "row":
            self.row = _whole(attributes.get("r", ""), self.row + 1)
            self._is_row_hidden = attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0"
            self._cells, self._hidden_cells, self._column = [], [], 0
        elif name == "c":
            self._type = attributes.get("t", "n")
            self._column = _column_number(attributes.get("r", "")) or self._column + 1
            self._cell = []
        elif name in ("v", "t", "f"):
            self._open, self._value = name, []
        elif name in ("formula1", "formula2") or name.endswith(("Header", "Footer")):
            self._open, self._value = "margin", []
        elif name == "dataValidation":
            self.margins += [attributes.get(key, "") for key in ("promptTitle", "prompt", "errorTitle", "error")]

    def end(self, name: str) -> None:
        """A value, a row or a margin ends."""
        if name in ("v", "t", "f") and self._open == name:
            self._take("".join(self._value))
        elif self._open == "margin":
            self.margins.append("".join(self._value))
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
            return
        self._open = ""

    def data(self, text: str) -> None:
        """Signs of a value."""
        if self._open:
            self._value.append(text)

    def finish(self) -> None:
        """Write what is left, and the texts around the cells."""
        for hidden in self.lines:
            self._write(hidden)
        self.output.part("header", "\n".join(filter(None, self.margins)))

    def _note_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
            self.hidden_columns.append((_whole(attributes.get("min", ""), 0), _whole(attributes.get("max", ""), 0)))

    def _take(self, value: str) -> None:
        if self._open == "f" and '"' not in value:
            return
        if self._open == "v" and self._type == "s":
            at = _whole(value, -1)
            value = self.strings[at] if 0 <= at < len(self.strings) else ""
        elif self._open == "v" and self._type == "n":
            value = _plain_number(value)
        self._cell.append(f"{value} " if self._open == "f" else value)  # runs of one string follow each other

    def _end_cell(self) -> None:
        is_hidden = any(first <= self._column <= last for first, last in self.hidden_columns[:200])
        cells = self._hidden_cells if is_hidden else self._cells
        cells += [""] * min(max(self._column - 1 - len(cells), 0), _WIDEST_GAP)
        cells.append(" ".join("".join(self._cell).split("\n")))

    def _end_row(self) -> None:
        for hidden, cells in (("row" if self._is_row_hidden else "", self._cells), ("column", self._hidden_cells)):
            if any(cells):
                self.lines[hidden].rows.append(self.row)
                self.lines[hidden].texts.append("\t".join(cells))
                if len(self.lines[hidden].rows) >= _ROWS_A_PART:
                    self._write(hidden)

    def _write(self, hidden: str) -> None:
        lines, self.lines[hidden] = self.lines[hidden], Lines()
        place = {"name": self.name, "is_hidden": self.is_hidden, "hidden": hidden, "rows": lines.rows}
        self.output.part("sheet", "\n".join(lines.texts), **place)


def read_workbook(archive: zipfile.ZipFile, output: Output) -> None:
    """Every sheet in its order, then what stands beside the cells."""
    names = set(archive.namelist())
    book, relations, strings = Book(), Relations(), Strings()
    walk(archive, "xl/workbook.xml", book, output)
    if "xl/_rels/workbook.xml.rels" in names:
        walk(archive, "xl/_rels/workbook.xml.rels", relations, output)
    if "xl/sharedStrings.xml" in names:
        walk(archive, "xl/sharedStrings.xml", strings, output)
    _read_sheets(archive, names, book, relations, strings, output)
    output.part("names", "".join(book.names))
    output.part("names", "\n".join(name for name, _relation, _hidden in book.sheets))
    for pattern, kind in _OTHERS:
        for name in sorted(filter(pattern.fullmatch, names)):
            read_everything(archive, name, kind, output)


def _read_sheets(
    archive: zipfile.ZipFile, names: set[str], book: Book, relations: Relations, strings: Strings, output: Output
) -> None:
    listed = [(relations.targets.get(relation, ""), name, hidden) for name, relation, hidden in book.sheets]
    known = {path for path, _name, _hidden in listed}
    lost = sorted(name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name) and name not in known)
    sheets = [entry for entry in listed if entry[0] in names] + [(path, path, True) for path in lost]
    for done, (path, name, is_hidden) in enumerate(sheets):
        sheet = Sheet(name, is_hidden, strings.strings, output)
        walk(archive, path, sheet, output)
        sheet.finish()
        output.progress(done + 1, len(sheets))


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _column_number(cell: str) -> int:
    letters = _COLUMN.match(cell)
    number = 0
    for letter in letters[0][:3] if letters else "":
        number = number * 26 + ord(letter) - 64
    return number


def _plain_number(value: str) -> str:
    """A number as a clerk reads it: `1.3912345678E10` is a mobile number."""
    if "E" not in value and "e" not in value:
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return str(int(number)) if abs(number.adjusted()) < 25 and number == number.to_integral_value() else value
