"""What an official document says of itself: its number, its title, its date (发文字号, 标题, 成文日期)."""

import re
from dataclasses import dataclass

from disclosures.word.simplify import Block, Paragraph

NUMBER = re.compile(r"^(\S{1,20}?\s?[〔\[（(【]\s?(?:19|20)\d\d\s?[〕\]）)】]\s?第?\s?\d{1,5}\s?号)(?=\s|$)")
DATE = re.compile(r"^[（(]?((?:19|20)\d\d年\d{1,2}月\d{1,2}日|[一二〇○零Ο]?[〇○零Ο一二三四五六七八九]{3,4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,4}日)[）)]?$")  # fmt: skip  # noqa: E501
BLANKS = re.compile(r"\s+")
HEAD = 12  # blocks in which a title is looked for
TAIL = 20  # blocks in which the date is looked for
MOST_TITLE_LINES = 3
LONGEST_TITLE = 200  # characters, as the item holds


@dataclass(frozen=True)
class Recognised:
    """What was found, as printed, and the blocks that remain for the body."""

    title: str
    number: str
    date: str
    rest: list[Block]


def recognise(blocks: list[Block]) -> Recognised:
    """Take title and number out of the text, for they have fields of their own; the date stays where it is signed."""
    number, number_at = _number(blocks[:HEAD])
    title, title_at = _title(blocks[:HEAD], number_at)
    taken = {*title_at, *([number_at] if number_at is not None else [])}
    rest = [block for place, block in enumerate(blocks) if place not in taken]
    return Recognised(title, number, _date(blocks[-TAIL:]), rest)


def _number(blocks: list[Block]) -> tuple[str, int | None]:
    for place, block in enumerate(blocks):
        if isinstance(block, Paragraph) and (found := NUMBER.match(block.text)):
            is_alone = block.text == found[1] or "签发" in block.text
            return BLANKS.sub("", found[1]), place if is_alone else None
    return "", None


def _title(blocks: list[Block], after: int | None) -> tuple[str, set[int]]:
    """The paragraph in the style of titles; else the first centred lines, behind the number where there is one."""
    styled = [place for place, block in enumerate(blocks) if isinstance(block, Paragraph) and block.is_title]
    lines: list[int] = styled[:MOST_TITLE_LINES]
    start = 0 if after is None else after + 1
    for place, block in [] if styled else list(enumerate(blocks))[start:]:
        if _is_title_line(block):
            lines.append(place)
        elif lines or (isinstance(block, Paragraph) and not _is_centred(block)):
            break
        if len(lines) == MOST_TITLE_LINES:
            break
    title = "".join(_joinable(blocks[place]) for place in lines)
    return (title, set(lines)) if 0 < len(title) <= LONGEST_TITLE else ("", set())


def _is_centred(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.alignment in ("center", "distribute")


def _is_title_line(block: Block) -> bool:
    """A centred line that is neither the red head of the paper, nor a note in brackets, nor a date."""
    if not isinstance(block, Paragraph) or not _is_centred(block) or block.label:
        return False
    text = BLANKS.sub("", block.text)
    return bool(text) and not (text[0] in "（(—" or text.endswith("文件") or DATE.match(text) or NUMBER.match(text))


def _joinable(block: Block) -> str:
    return block.text.replace("\n", "") if isinstance(block, Paragraph) else ""


def _date(blocks: list[Block]) -> str:
    """The last line that is a date and nothing else."""
    texts = [BLANKS.sub("", block.text) for block in reversed(blocks) if isinstance(block, Paragraph)]
    return next((found[1] for text in texts if (found := DATE.match(text))), "")
