"""What stands around a number: a word that says what it counts or names, or the heading of its column."""

import re
from collections.abc import Iterator

_NO_PERSON = re.compile(  # what introduces a number of a thing
    r"(?:编号|文号|编码|代码|单号|流水号?|订单号?|发票号?码?|合同号|注册号|登记号|许可证号?|索引号|条码|书号|序列号|批次号?|工单号?|凭证号|案号|统计数?|ISBN|ISSN)"
    r"(?:为|是)?[ :]{0,3}\Z",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r" ?(?:(?:元|万|亿|吨|人次|册|件|千|美元|字节|平方|%|个|户|次|点击)"
    r"|\((?:[十百千万亿]{0,3}(?:元|人次?|户|册|件|吨|次|张|平方米|美元|亩|%)|[十百千万亿]{1,3})\))"
)
_AMOUNT = re.compile(
    r"\([十百千万亿]{0,3}(?:元|人次?|户|册|件|吨|次|张|平方米|美元|亩|%)\)|金额|总额|总量|总数|数量|人数|产值|余额|投资额|面积"
)
_LONG_NUMBER = re.compile("[0-9]{7}")
_LONGEST_HEADING = 12  # signs of a heading without columns beside it


def names_a_thing(folded: str, start: int) -> bool:
    """Whether the number that begins there is introduced as that of a thing."""
    return bool(_NO_PERSON.search(folded, max(0, start - 12), start))


def counts_something(folded: str, end: int) -> bool:
    """Whether a unit follows the number that ends there."""
    return bool(_UNIT.match(folded, end))


def amounts(folded: str) -> set[int]:
    """Where the cells begin that stand under the heading of an amount, in rows as wide as the heading's."""
    return {start for start, _end, _heading, is_as_wide in headed_cells(folded, _AMOUNT) if is_as_wide}


def headed_cells(folded: str, heading: re.Pattern[str]) -> Iterator[tuple[int, int, str, bool]]:
    """Cells of lines divided by tabs under a matching heading: begin, end, heading, whether their row is as wide.

    A heading holds until its column gets another; a long line without columns ends the table.
    """
    if not heading.search(folded):
        return
    under: dict[int, tuple[str, int]] = {}
    at = 0
    for line in folded.split("\n"):
        cells = line.split("\t")
        is_bare = len(cells) == 1 and len(line.strip()) > _LONGEST_HEADING
        if is_bare and not _LONG_NUMBER.search(line):
            under.clear()
        is_first_row = not any(sign.isdigit() for sign in line[:1000])
        for column, cell in enumerate(cells):
            if not is_bare and not _LONG_NUMBER.search(cell) and heading.search(cell):
                under[column] = (cell.strip(), len(cells))
            elif is_first_row and cell.strip():
                under.pop(column, None)
            elif column in under and cell.strip():
                words, width = under[column]
                begin = at + len(cell) - len(cell.lstrip())
                yield begin, at + len(cell.rstrip()), words, width == len(cells)
            at += len(cell) + 1
