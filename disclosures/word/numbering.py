"""Automatic numbering: the label Word shows before a paragraph and never writes into its text."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from disclosures.word.formats import written
from disclosures.word.styles import Styles
from disclosures.word.xml import W, attribute_of, is_on, value, whole

LEVELS = 9
BULLET = "bullet"


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered; `text` such as `（%1）` or `%1.%2`."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    is_legal: bool = False
    restarts_after: int | None = None
    style: str = ""


@dataclass(frozen=True)
class Label:
    """What stands before a paragraph: a text, or a bullet at a depth."""

    text: str
    level: int
    is_bullet: bool = False


class Numbering:
    """The lists of one document and where each of them stands while its paragraphs are read in order."""

    def __init__(self, root: ET.Element | None, styles: Styles) -> None:
        self.styles = styles
        self.abstract: dict[str, dict[int, Level]] = {}
        self.linked: dict[str, str] = {}
        self.numbers: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self.counters: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: ET.Element) -> None:
        for element in root.iter(W + "abstractNum"):
            key = attribute_of(element, "abstractNumId") or ""
            self.abstract[key] = _levels(element)
            if link := value(element, "numStyleLink"):
                self.linked[key] = link
        for element in root.iter(W + "num"):
            starts, changed = _overrides(element)
            key = attribute_of(element, "numId") or ""
            self.numbers[key] = (value(element, "abstractNumId") or "", changed, starts)

    def label_of(self, properties: ET.Element | None) -> Label | None:
        """The label of the next paragraph, counted on; None where it has no number."""
        place = self._place(properties)
        if place is None:
            return None
        number, index = place
        abstract, levels, starts = self._list(number)
        if abstract is None or index not in levels:
            return None
        level = levels[index]
        if level.number_format == BULLET:
            return Label("", index, is_bullet=True)
        counters = self._count(abstract, number, index, levels, starts)
        return Label(_spaced(_filled(level, levels, counters), level), index)

    def _place(self, properties: ET.Element | None) -> tuple[str, int] | None:
        """Number and level of the list, said by the paragraph or by its style; number 0 takes a style's away."""
        own = properties.find(W + "numPr") if properties is not None else None
        key = value(properties, "pStyle")
        number, said = value(own, "numId"), value(own, "ilvl")
        styled = self.styles.numbering(key)
        owner = key or ""
        if number is None and styled is not None:
            number, inherited, owner = styled
            said = said or inherited
        if number is None or number == "0":
            return None
        if said is None:
            levels = self._list(number)[1]
            return number, next((index for index, level in levels.items() if level.style == owner), 0)
        return number, whole(said, most=LEVELS)

    def _list(self, number: str) -> tuple[str | None, dict[int, Level], dict[int, int]]:
        abstract, changed, starts = self.numbers.get(number, ("", {}, {}))
        for _hop in range(LEVELS):
            if abstract not in self.linked:
                break
            onward = self.styles.numbering(self.linked[abstract])
            abstract = self.numbers.get(onward[0], ("", {}, {}))[0] if onward else ""
        if abstract not in self.abstract:
            return None, {}, {}
        return abstract, {**self.abstract[abstract], **changed}, starts

    def _count(
        self, abstract: str, number: str, index: int, levels: Mapping[int, Level], starts: Mapping[int, int]
    ) -> dict[int, int]:
        """Count one on at `index`; lists of one kind go on counting until a number of its own begins anew."""
        counters = self.counters.setdefault(abstract, {})
        for other in range(index):
            if other not in counters and other in levels:
                counters[other] = starts.get(other, levels[other].start)
        if index in starts and (number, index) not in self.begun:
            self.begun.add((number, index))
            counters[index] = starts[index]
        else:
            counters[index] = counters[index] + 1 if index in counters else levels[index].start
        for deeper in range(index + 1, LEVELS):
            after = levels[deeper].restarts_after if deeper in levels else None
            if after is None or (after > 0 and index < after):
                counters.pop(deeper, None)
        return counters


def _levels(element: ET.Element) -> dict[int, Level]:
    return {
        index: level
        for child in element.findall(W + "lvl")
        if (index := whole(attribute_of(child, "ilvl"), most=LEVELS)) < LEVELS and (level := _level(child))
    }


def _level(element: ET.Element) -> Level:
    restart = value(element, "lvlRestart")
    return Level(
        start=whole(value(element, "start"), 1),
        number_format=value(element, "numFmt") or _alternative(element) or "decimal",
        text=(value(element, "lvlText") or "")[:100],
        suffix=value(element, "suff") or "tab",
        is_legal=is_on(element, "isLgl"),
        restarts_after=None if restart is None else whole(restart),
        style=value(element, "pStyle") or "",
    )


def _alternative(element: ET.Element) -> str | None:
    """Newer formats stand within an `mc:AlternateContent`, with an older one to fall back to."""
    return next((attribute_of(found, "val") for found in reversed(list(element.iter(W + "numFmt")))), None)


def _overrides(element: ET.Element) -> tuple[dict[int, int], dict[int, Level]]:
    starts: dict[int, int] = {}
    changed: dict[int, Level] = {}
    for override in element.findall(W + "lvlOverride"):
        index = whole(attribute_of(override, "ilvl"), most=LEVELS)
        if (start := value(override, "startOverride")) is not None:
            starts[index] = whole(start, 1)
        if (level := override.find(W + "lvl")) is not None:
            changed[index] = _level(level)
    return starts, changed


def _filled(level: Level, levels: Mapping[int, Level], counters: Mapping[int, int]) -> str:
    text = level.text
    for place in range(1, LEVELS + 1):
        other = levels.get(place - 1)
        if f"%{place}" not in text or other is None:
            continue
        number_format = "decimal" if level.is_legal else other.number_format
        text = text.replace(f"%{place}", written(counters.get(place - 1, other.start), number_format))
    return text


def _spaced(text: str, level: Level) -> str:
    """A space behind `1.` and `(1)`; the Chinese marks 、 and ） carry their own."""
    return f"{text} " if text and level.suffix != "nothing" and (text[-1].isascii() or text[-1].isalnum()) else text
