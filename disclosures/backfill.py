"""A sheet of earlier years' disclosures (补录): its template, its rows, and what stands against each of them.

The sheet is read without being trusted: values only, so many rows and no more, formulas and merged cells refused.
"""

import html
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.datavalidation import DataValidation

from disclosures import uploads
from disclosures.chinese_dates import YEARS, date_in
from disclosures.models import Audience, CatalogueEntry, FormOfDisclosure, Item
from disclosures.refusal import Sentence
from disclosures.richtext import clean_line, clean_text
from disclosures.uploads import UploadRefused
from disclosures.word.xml import Unreadable, walk
from organizations.models import Unit

MAX_BYTES = 5 * 1024 * 1024  # of a sheet
MAX_UNPACKED = 20 * 1024 * 1024  # bytes of its parts
MAX_TEXT = 400_000  # characters of all rows, which travel with the page until they are confirmed
FIRST_ROW = 3  # behind the heads and the explanations
BLANK_ROWS = 1_000  # empty rows in a sheet before reading stops
SHEET_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True)
class Column:
    """One column: the field it fills, its head in the sheet (Chinese, as the sheet goes to Chinese clerks)."""

    name: str
    head: str
    help: str
    most: int = 200
    is_day: bool = False
    is_required: bool = False
    width: int = 16


COLUMNS = (
    Column("entry", "目录编码", "必填。公开目录中的编码，如 C1-01，从下拉列表选择。", 10, is_required=True, width=12),
    Column("title", "标题", "必填。不超过200字。", 200, is_required=True, width=44),
    Column("document_number", "文号", "如 岳文广新党字〔2012〕3号；没有则留空。", 80, width=26),
    Column("issued_on", "成文日期", "必填。如 2012-02-02 或 2012年2月2日。", is_day=True, is_required=True),
    Column("audience", "公开范围", "必填。从下拉列表选择：党内；先党内、后党外。", 30, is_required=True, width=20),
    Column("occurred_on", "事项日期", "事项发生的日期，可留空。", is_day=True),
    Column("period_from", "期间开始", "按期公开的，填写期间的第一天。", is_day=True),
    Column("period_until", "期间结束", "按期公开的，填写期间的最后一天。", is_day=True),
    Column("forms", "公开形式", "多个用顿号隔开；留空则按目录建议。", 200, width=30),
    Column("basis", "依据", "可留空。不超过500字。", 500, width=30),
    Column("body", "正文", "可留空，稍后补写。另起一段请在单元格内换行。", 20_000, width=60),
)
SCOPES = {"党内": Audience.INTERNAL, "先党内、后党外": Audience.INTERNAL_THEN_PUBLIC}
HEADS = [column.head for column in COLUMNS]

Values = dict[str, str]


@dataclass
class Row:
    """One row as it was read, what stands against it cell by cell, and what is worth a look."""

    number: int
    values: Values
    problems: dict[str, list[Sentence]] = field(default_factory=lambda: defaultdict(list))
    warnings: list[Sentence] = field(default_factory=list)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The cells in order, each with its sentences, for the page."""
        return [
            {"head": column.head, "value": self.values.get(column.name, ""), "problems": self.problems.get(column.name)}
            for column in COLUMNS
        ]


def most_rows() -> int:
    """How many rows one sheet may hold."""
    return int(getattr(settings, "BACKFILL_MAX_ROWS", 500))


def read_sheet(upload: UploadedFile) -> list[Row]:
    """Rows of an uploaded .xlsx; raises `UploadRefused` for what is no sheet of this kind or too much of it."""
    name = uploads.safe_name(upload.name or "")
    if uploads.inspect(upload).extension != "xlsx":
        raise UploadRefused(
            "not_a_sheet", gettext_lazy("“%(name)s” is not an Excel sheet (.xlsx). Use the template."), {"name": name}
        )
    content = _bounded(upload, name)
    hidden, merged = _oddities(content, name)
    try:
        rows = list(_rows(content, name))
    except UploadRefused:
        raise
    except Exception as error:
        raise _damaged(name) from error
    for row in rows:
        _note_oddities(row, hidden, merged)
    if sum(len(text) for row in rows for text in row.values.values()) > MAX_TEXT:
        raise UploadRefused("too_much_text", gettext_lazy("The sheet holds too much text. Split it."))
    if not rows:
        raise UploadRefused("no_rows", gettext_lazy("The sheet holds no row below the explanations."))
    return rows


def _damaged(name: str) -> UploadRefused:
    return UploadRefused(
        "damaged", gettext_lazy("“%(name)s” is damaged and cannot be read. Save it again."), {"name": name}
    )


def _bounded(upload: UploadedFile, name: str) -> BytesIO:
    """The bytes of the sheet, after a look at how large it is unpacked and that it declares no document type."""
    too_large = UploadRefused(
        "too_large", gettext_lazy("“%(name)s” is too large for a sheet of rows. Split it."), {"name": name}
    )
    if (upload.size or 0) > MAX_BYTES:
        raise too_large
    content = BytesIO(upload.read())
    upload.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise too_large
            for entry in archive.infolist():
                if entry.filename.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(entry):
                    raise _damaged(name)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError) as error:
        raise _damaged(name) from error
    return content


def _rows(content: BytesIO, name: str) -> Iterator[Row]:
    content.seek(0)
    book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()  # what a sheet says of its own size is not believed
    places: dict[str, int] = {}
    found = blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=len(COLUMNS) + 20), start=1):
        if number == 1:
            places = _places(cells, name)
        if number < FIRST_ROW:
            continue
        row = _row(number, cells, places)
        if not any(row.values.values()) and not row.problems:
            blank += 1
            if blank > BLANK_ROWS:
                return
            continue
        found += 1
        if found > most_rows():
            raise UploadRefused(
                "too_many_rows",
                gettext_lazy("The sheet has more than %(most)d rows. Split it and enter one part after the other."),
                {"most": most_rows()},
            )
        yield row


def _places(cells: Any, name: str) -> dict[str, int]:
    """Where each column stands, by its head; every head of the template must be there once, in any order."""
    heads = [str(cell.value or "").strip().rstrip("*＊") for cell in cells]
    unknown = [head for head in heads if head and head not in HEADS]
    missing = [head for head in HEADS if heads.count(head) != 1]
    if unknown or missing:
        raise UploadRefused(
            "columns",
            gettext_lazy(
                "The columns are not those of the template. Missing or twice: %(missing)s. Not known: %(odd)s."
            ),
            {"missing": "、".join(missing) or "—", "odd": "、".join(head[:20] for head in unknown[:10]) or "—"},
        )
    return {column.name: heads.index(column.head) for column in COLUMNS}


def _row(number: int, cells: Any, places: dict[str, int]) -> Row:
    row = Row(number, {})
    for column in COLUMNS:
        place = places[column.name]
        cell = cells[place] if place < len(cells) else None
        row.values[column.name] = ""
        if cell is None or cell.value is None:
            continue
        if cell.data_type == "f":
            row.problems[column.name].append(_("A formula: enter the value itself."))
        elif cell.data_type == "e":
            row.problems[column.name].append(_("An error of the sheet: enter the value itself."))
        else:
            row.values[column.name] = _text(column, cell.value, row)
    return row


def _text(column: Column, value: Any, row: Row) -> str:
    """The value as text, with sentences against what does not fit the column."""
    if column.is_day:
        return _day_text(value)
    if isinstance(value, datetime):
        value = value.date().isoformat()
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    text = clean_text(str(value)) if column.name == "body" else clean_line(str(value).replace("\n", " "))
    if len(text) > column.most:
        sentence = _("At most %(most)d characters; this is %(length)d.") % {"most": column.most, "length": len(text)}
        row.problems[column.name].append(sentence)
        return text[: column.most]
    return text


def _day_text(value: Any) -> str:
    """A day as ISO text, however the cell holds it; the cell's own words where they are no day."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = date_in(str(int(value))) or _serial(value)
        return found.isoformat() if found else str(value)[:40]
    text = clean_line(str(value))[:40]
    found = date_in(text)
    return found.isoformat() if found else text


def _serial(value: float) -> date | None:
    """A day as Excel counts it, where the cell has lost its format."""
    if not 1 <= value < 110_000:
        return None
    found = from_excel(int(value))
    return found.date() if isinstance(found, datetime) else None


def _oddities(content: BytesIO, name: str) -> tuple[set[int], list[tuple[int, int, str]]]:
    """Hidden rows, and the rows merged cells reach over with the place as the sheet names it."""
    hidden: set[int] = set()
    merged: list[tuple[int, int, str]] = []
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            names = sorted(entry for entry in archive.namelist() if entry.startswith("xl/worksheets/sheet"))
            for event, element in walk(archive, names[0]) if names else ():
                if event == "start":
                    continue
                if element.tag == SHEET_XML + "row" and element.get("hidden") in ("1", "true"):
                    hidden.add(_whole(element.get("r", "")))
                elif element.tag == SHEET_XML + "mergeCell" and len(merged) < 1_000:
                    first, _colon, last = element.get("ref", "").partition(":")
                    merged.append((_whole(first), _whole(last or first), element.get("ref", "")[:20]))
                element.clear()
    except (Unreadable, zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(name) from error
    return hidden, merged


def _whole(text: str) -> int:
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())[:7]
    return int(digits) if digits else 0


def _note_oddities(row: Row, hidden: set[int], merged: list[tuple[int, int, str]]) -> None:
    if row.number in hidden:
        row.warnings.append(_("This row is hidden in the sheet."))
    for first, last, place in merged:
        if first <= row.number <= last:
            row.problems["entry"].append(_("Merged cells (%(place)s): take them apart.") % {"place": place})


def check(rows: list[Row], unit: Unit) -> list[Row]:
    """The same rows with every problem and warning that today's catalogue and items of `unit` give them."""
    entries = {row.code: row for row in CatalogueEntry.objects.prefetch_related("versions").filter(is_active=True)}
    forms = known_forms()
    there = set(Item.objects.filter(unit=unit).values_list("title", "issued_on"))
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        _check_required(row)
        _check_entry(row, entries, unit)
        _check_days(row)
        if row.values["audience"] and row.values["audience"] not in SCOPES:
            row.problems["audience"].append(_("Choose the scope from the list."))
        if unknown := [form for form in form_names(row) if form not in forms]:
            row.problems["forms"].append(
                _("Not a form of disclosure: %(names)s.") % {"names": "、".join(unknown)[:100]}
            )
        key = (row.values["title"], row.values["issued_on"])
        if (key[0], date_in(key[1])) in there:
            row.warnings.append(_("An item of this title and date is there already."))
        if key in seen:
            row.warnings.append(_("The same title and date as row %(number)d.") % {"number": seen[key]})
        seen.setdefault(key, row.number)
    return rows


def _check_required(row: Row) -> None:
    for column in COLUMNS:
        if column.is_required and not row.values[column.name] and not row.problems.get(column.name):
            row.problems[column.name].append(_("This must be filled in."))


def _check_entry(row: Row, entries: dict[str, CatalogueEntry], unit: Unit) -> None:
    code = row.values["entry"]
    entry = entries.get(code)
    version = entry.version_on(timezone.localdate()) if entry else None
    if code and version is None:
        row.problems["entry"].append(_("The catalogue holds no such code."))
    elif version and unit.level not in version.levels:
        row.problems["entry"].append(_("This catalogue entry is not a duty of %(unit)s.") % {"unit": unit})


def _check_days(row: Row) -> None:
    for column in COLUMNS:
        text = row.values[column.name] if column.is_day else ""
        if text and date_in(text) is None:
            row.problems[column.name].append(
                _("Not a date from %(first)d to %(last)d, such as 2012-02-02.") % {"first": YEARS[0], "last": YEARS[-1]}
            )
    issued, first, last = (date_in(row.values[name]) for name in ("issued_on", "period_from", "period_until"))
    if issued and issued > timezone.localdate():
        row.problems["issued_on"].append(_("The date of issue lies in the future."))
    if first and last and last < first:
        row.problems["period_until"].append(_("The period ends before it begins."))


def form_names(row: Row) -> list[str]:
    """Forms of disclosure as the row names them."""
    parts = (
        row.values["forms"].replace("，", "、").replace(",", "、").replace("；", "、").replace(";", "、").split("、")
    )
    return [part.strip() for part in parts if part.strip()]


def known_forms() -> dict[str, FormOfDisclosure]:
    """Active forms by their Chinese name."""
    return {form.name: form for form in FormOfDisclosure.objects.filter(is_active=True)}


def body_html(text: str) -> str:
    """Lines of a cell as paragraphs."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())


def template_for(unit: Unit, entries: list[CatalogueEntry]) -> bytes:
    """The sheet to fill in: heads, explanations, lists to choose from, and the duties of `unit` on a second page."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "补录"
    for place, column in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, place, column.head)
        head.font = Font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor="A3161A")
        told = sheet.cell(2, place, column.help)
        told.alignment = Alignment(wrap_text=True, vertical="top")
        told.font = Font(color="5B534C")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        if column.is_day:
            for number in range(FIRST_ROW, FIRST_ROW + most_rows()):
                sheet.cell(number, place).number_format = "yyyy-mm-dd"
    sheet.row_dimensions[2].height = 48
    sheet.freeze_panes = "A3"
    _list_duties(book, entries)
    _offer(sheet, "entry", f"'目录'!$A$2:$A${len(entries) + 1}")
    _offer(sheet, "audience", '"' + ",".join(SCOPES) + '"')
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _list_duties(book: Workbook, entries: list[CatalogueEntry]) -> None:
    sheet: Any = book.create_sheet("目录")
    sheet.append(["目录编码", "公开内容", "公开范围"])
    scopes = {scope: words for words, scope in SCOPES.items()}
    for entry in entries:
        version = entry.version_on(timezone.localdate())
        if version is not None:
            sheet.append([entry.code, version.title, scopes.get(Audience(version.audience), "")])
    sheet.column_dimensions["B"].width = 48
    sheet.column_dimensions["C"].width = 20


def _offer(sheet: Any, name: str, formula: str) -> None:
    letter = get_column_letter([column.name for column in COLUMNS].index(name) + 1)
    offered = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    offered.error = "请从下拉列表中选择。"
    offered.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + most_rows() - 1}")
    sheet.add_data_validation(offered)
