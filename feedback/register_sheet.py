"""A register as a spreadsheet: written row by row, every text as text, nothing that a spreadsheet would compute."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from disclosures.open_data.files import defused
from feedback.registers import COLUMNS, Register, Value, heads_of

NARROW = 6  # the running number


def packed(kind: Register, title: str, rows: Iterable[list[Value]]) -> bytes:
    """The packed file: A4 across, the heads repeated on every page."""
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(title[:31])
    widths = [NARROW, *(column.width for column in COLUMNS[kind])]
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.append([_head(sheet, words) for words in heads_of(kind)])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    filled = BytesIO()
    book.save(filled)
    return filled.getvalue()


def _head(sheet: Any, words: str) -> Any:
    cell = _cell(sheet, words)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="A3161A")
    return cell


def _cell(sheet: Any, value: Value) -> Any:
    """A number, a day, or a text that stays one: openpyxl would take a leading sign of equality for a formula."""
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    else:
        cell = WriteOnlyCell(sheet, "")
        cell.value = defused(ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
