"""Rows of an uploaded sheet: values only, so many and no more; nothing a sheet says of itself is believed."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

from disclosures import uploads
from disclosures.backfill_sheet.columns import COLUMNS, FIRST_ROW, HEADS, Column, Row, most_rows
from disclosures.chinese_dates import date_in
from disclosures.richtext import clean_line, clean_text
from disclosures.uploads import UploadRefused
from disclosures.word.xml import Unreadable, walk

MAX_BYTES = 5 * 1024 * 1024  # of a sheet
MAX_UNPACKED = 20 * 1024 * 1024  # bytes of its parts
MAX_TEXT = 400_000  # characters of all rows, which travel with the page until they are confirmed
BLANK_ROWS = 1_000  # empty rows in a sheet before reading stops
SHEET_XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


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
