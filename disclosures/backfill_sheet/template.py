"""The sheet to fill in: heads, explanations, lists to choose from, and the duties of the unit on a second page."""

from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from disclosures.backfill_sheet.columns import COLUMNS, FIRST_ROW, SCOPES, most_rows
from disclosures.models import Audience, CatalogueEntry


def template_for(entries: list[CatalogueEntry]) -> bytes:
    """The packed sheet with `entries` to choose from."""
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
