"""Columns and rows of the sheet; heads and explanations are Chinese, for the sheet goes to Chinese clerks."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from disclosures.models import Audience
from disclosures.refusal import Sentence

FIRST_ROW = 3  # behind the heads and the explanations
MOST_ROWS = 500  # of one sheet, all entered in one request


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
    """How many rows one sheet may hold; the setting can only lower it."""
    return min(MOST_ROWS, int(getattr(settings, "BACKFILL_MAX_ROWS", MOST_ROWS)))
