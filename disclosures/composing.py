"""Composes plausible official texts for measurement; the same draw gives the same text. Names nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from random import Random
from typing import Any

import yaml

from disclosures.seeding import DATA

BODY_CHARS = 720  # of Chinese, about 2 KB of UTF-8
SHORTEST_SENTENCE = 18
PLAN_SHARE = 0.25
TABLE_SHARE = 0.15


@dataclass(frozen=True)
class Prose:
    """A composed text: HTML as the sanitiser leaves it, and its words as `richtext.plain_text` reads them."""

    html: str
    words: str


@cache
def phrases() -> dict[str, Any]:
    """The vocabulary, with the sentences of the plan."""
    found = yaml.safe_load((DATA / "phrases.zh.yaml").read_text(encoding="utf-8"))
    return {**found, "plan": list(_plan_sentences())}


@cache
def plan_lines() -> list[str]:
    """Lines of the plan of 2012, headings marked with `#`."""
    text = (DATA / "seed_plan.zh.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    return [line for line in text.splitlines() if line]


def plan_title() -> str:
    """Title of the plan of 2012, as its seeding writes it."""
    return next(line.removeprefix("# ") for line in plan_lines() if line.startswith("# "))


def _plan_sentences() -> Iterator[str]:
    for line in plan_lines():
        if line.startswith("#"):
            continue
        for sentence in line.split("。"):
            if len(sentence) >= SHORTEST_SENTENCE:
                yield f"{sentence}。"


def title(draw: Random, duty: str, year: int, serial: int) -> str:
    """A title about the duty of a catalogue entry."""
    words = phrases()
    period, subject, genre = (draw.choice(words[name]) for name in ("periods", "subjects", "genres"))
    return f"关于{year}年{period}{subject}{duty}的{genre}（第{serial}期）"


def prose(draw: Random, year: int) -> Prose:
    """A body of about `BODY_CHARS` characters: opening, parts with headings, a list, at times a table, a closing."""
    words = phrases()
    filled = _Filler(draw, year)
    headings = iter(draw.sample(words["headings"], k=4))
    blocks = [("p", filled.one_of("openings"))]
    length = len(blocks[0][1])
    for heading in headings:
        blocks.append(("h2", heading))
        paragraph = "".join(filled.sentence() for _place in range(draw.randint(2, 4)))
        blocks.append(("p", paragraph))
        length += len(paragraph)
        if length > BODY_CHARS - 150:
            break
    points = draw.sample(words["points"], k=3)
    blocks += [("li", filled.fill(point)) for point in points]
    if draw.random() < TABLE_SHARE:
        blocks += [("tr", row) for row in filled.table()]
    blocks.append(("p", draw.choice(words["closings"])))
    return Prose("".join(_html(blocks)), "\n".join(line for _tag, line in blocks))


class _Filler:
    """Fills the numbers of a sentence."""

    def __init__(self, draw: Random, year: int) -> None:
        self.draw = draw
        self.year = year

    def fill(self, phrase: str) -> str:
        if "{" not in phrase:
            return phrase
        draw, words = self.draw, phrases()
        return phrase.format(
            year=self.year,
            a=draw.randint(2, 9),
            b=draw.randint(10, 60),
            month=draw.randint(1, 12),
            percent=draw.randint(70, 100),
            money=draw.randint(1000, 99999),
            period=draw.choice(words["periods"]),
            subject=draw.choice(words["subjects"]),
        )

    def one_of(self, name: str) -> str:
        return self.fill(self.draw.choice(phrases()[name]))

    def sentence(self) -> str:
        return self.one_of("plan" if self.draw.random() < PLAN_SHARE else "sentences")

    def table(self) -> list[str]:
        """Rows with a tab between cells."""
        subjects = self.draw.sample(phrases()["subjects"], k=3)
        rows = [f"{name}\t{self.draw.randint(2, 40)}\t{self.draw.randint(60, 100)}%" for name in subjects]
        return ["事项\t件数\t完成", *rows]


def _html(blocks: list[tuple[str, str]]) -> Iterator[str]:
    """Blocks as HTML; runs of list points and of rows stand in one list and one table."""
    before = ""
    for tag, line in [*blocks, ("", "")]:
        if tag != before and before in _CLOSERS:
            yield _CLOSERS[before]
        if tag != before and tag in _OPENERS:
            yield _OPENERS[tag]
        if tag == "li":
            yield f"<li><p>{escape(line)}</p></li>"
        elif tag == "tr":
            cells = (f"<td><p>{escape(cell)}</p></td>" for cell in line.split("\t"))
            yield f"<tr>{''.join(cells)}</tr>"
        elif tag:
            yield f"<{tag}>{escape(line)}</{tag}>"
        before = tag


_OPENERS = {"li": "<ol>", "tr": "<table><tbody>"}
_CLOSERS = {"li": "</ol>", "tr": "</tbody></table>"}
