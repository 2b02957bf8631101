"""What a paragraph's style says of it: outline level, alignment, numbering."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from disclosures.word.xml import W, attribute_of, value, whole

LONGEST_CHAIN = 12  # styles based on each other


@dataclass(frozen=True)
class Style:
    """One paragraph style with what it says itself."""

    key: str
    name: str
    based_on: str | None
    properties: ET.Element | None


class Styles:
    """All paragraph styles; a question goes up the chain until one of them answers."""

    def __init__(self, root: ET.Element | None) -> None:
        self.by_key: dict[str, Style] = {}
        for element in root.iter(W + "style") if root is not None else ():
            key = attribute_of(element, "styleId") or ""
            name = (value(element, "name") or "").lower()
            self.by_key[key] = Style(key, name, value(element, "basedOn"), element.find(W + "pPr"))

    def chain(self, key: str | None) -> list[Style]:
        """The style and those it is based on, nearest first."""
        found: list[Style] = []
        while key in self.by_key and len(found) < LONGEST_CHAIN:
            found.append(self.by_key[key])
            key = found[-1].based_on
        return found

    def is_title(self, key: str | None) -> bool:
        """Whether it is the style of the document's own title."""
        return any(style.name in ("title", "标题") for style in self.chain(key)[:2])

    def alignment(self, key: str | None) -> str:
        """`center`, `right` and so on; empty where no style says it."""
        return next((said for style in self.chain(key) if (said := value(style.properties, "jc"))), "")

    def outline_level(self, key: str | None) -> int | None:
        """0 for the first level of headings; None for running text."""
        for style in self.chain(key):
            word, _space, number = style.name.partition(" ")
            if word in ("heading", "标题") and number.isascii() and number.isdigit():
                return whole(number, 1) - 1
            if (level := value(style.properties, "outlineLvl")) is not None:
                return whole(level) if whole(level) < 9 else None
        return None

    def numbering(self, key: str | None) -> tuple[str, str | None, str] | None:
        """Number of the list, level where it is said, and the style that says so."""
        for style in self.chain(key):
            properties = style.properties.find(W + "numPr") if style.properties is not None else None
            if (number := value(properties, "numId")) is not None:
                return number, value(properties, "ilvl"), style.key
        return None
