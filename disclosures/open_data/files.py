"""The yearly files: read in batches by key and written line by line, so that memory stays the same at any size.

Each batch asks visibility at its own instant: what is withdrawn while a file runs is not in its rest.
"""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import StringIO
from itertools import chain
from typing import Any

from django.db.models import Q
from django.utils import timezone

from disclosures.listing import midnight
from disclosures.models import Release
from disclosures.open_data.fields import FIELDS
from disclosures.open_data.records import Addresses, complete, record
from disclosures.visibility import PUBLIC

BATCH = 500  # rows read at once
BOM = "\ufeff"  # tells a spreadsheet that the file is UTF-8
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
INVISIBLE = " \u00a0\u3000\u200b\u200e\u200f\u2060\ufeff"
Batch = list[Release]


def during(year: int) -> dict[str, datetime]:
    """The range of first openings to the public that makes a year, by the local calendar."""
    return {"public_since__gte": midnight(date(year, 1, 1)), "public_since__lt": midnight(date(year + 1, 1, 1))}


def batches(year: int) -> Iterator[Batch]:
    """Public releases first opened in `year`, oldest first; every query reads one range of an index."""
    beyond = Q()
    while True:
        public = Release.objects.visible_to(PUBLIC, timezone.now()).filter(beyond, **during(year))
        found = list(complete(public).order_by("public_since", "id")[:BATCH])
        if found:
            yield found
        if len(found) < BATCH:
            return
        last = found[-1]
        beyond = Q(public_since__gte=last.public_since) & (
            Q(public_since__gt=last.public_since) | Q(public_since=last.public_since, id__gt=last.pk)
        )


def csv_lines(rows: Iterator[Batch], addresses: Addresses) -> Iterator[str]:
    """The table: a line of labels in the language of the page, then one line an item; a piece for each batch."""
    heading = BOM + _csv([[str(field.label) for field in FIELDS if field.in_csv]])  # a stream outlives its language
    return chain([heading], (_csv([_cells(record(release, addresses)) for release in batch]) for batch in rows))


def json_lines(rows: Iterator[Batch], addresses: Addresses) -> Iterator[str]:
    """JSON Lines: one object an item, by the schema; a piece for each batch."""
    for batch in rows:
        yield "".join(f"{json.dumps(record(release, addresses), ensure_ascii=False)}\n" for release in batch)


WRITERS: dict[str, tuple[Callable[[Iterator[Batch], Addresses], Iterator[str]], str]] = {
    "csv": (csv_lines, "text/csv; charset=utf-8"),
    "jsonl": (json_lines, "application/x-ndjson; charset=utf-8"),
}


def defused(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(INVISIBLE).startswith(FORMULA) or text.startswith(FORMULA) else text


def _cells(values: dict[str, Any]) -> list[str]:
    return [_cell(field.name, values[field.name]) for field in FIELDS if field.in_csv]


def _cell(name: str, value: Any) -> str:
    if name == "attachments":
        return str(len(value))
    if isinstance(value, list):
        return defused(" ".join(value))
    if isinstance(value, bool):
        return "1" if value else "0"
    return defused(value or "")


def _csv(rows: list[list[str]]) -> str:
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
