"""Sheets of earlier disclosures made in code."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from disclosures.backfill_sheet.columns import COLUMNS, HEADS
from tests.people import BUREAU_ENTRY

GOOD: dict[str, Any] = {
    "entry": BUREAU_ENTRY,
    "title": "2011年工作情况通报",
    "issued_on": "2011年12月30日",
    "audience": "先党内、后党外",
}


def sheet(*rows: dict[str, Any], heads: list[str] | None = None, change: Any = None) -> bytes:
    """A filled-in sheet; `change` may still touch the page before it is packed."""
    book = Workbook()
    page = book.active
    page.append(heads or HEADS)
    page.append([column.help for column in COLUMNS])
    for row in rows:
        page.append([row.get(column.name) for column in COLUMNS])
    if change:
        change(page)
    return packed(book)


def packed(book: Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def opened(content: bytes) -> Any:
    return load_workbook(BytesIO(content))


def upload(content: bytes, name: str = "补录.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")
