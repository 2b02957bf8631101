"""The few words of WordprocessingML that are read here, and a parser that no document type can mislead."""

import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT_R = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
MAX_PART_BYTES = 24 * 1024 * 1024  # of XML; 200 pages with tables have about 5 MB
MAX_DEPTH = 200  # elements within each other; a table in a table in a text box has about 60


class Unreadable(Exception):
    """A document that cannot be read; the word says why: `damaged`, `too_large`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def parse(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    """The root of one part of the document; None where there is no such part."""
    root = None
    for event, element in walk(archive, name):
        root = element if event == "start" and root is None else root
    return root


def walk(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, ET.Element]]:
    """Start and end of each element of one part, while it is being read; refuses document types and great depth."""
    try:
        size = archive.getinfo(name).file_size
    except KeyError:
        return
    if size > MAX_PART_BYTES:
        raise Unreadable("too_large")
    with archive.open(name) as part:
        yield from _events(part)


def _events(part: IO[bytes]) -> Iterator[tuple[str, ET.Element]]:
    parser: Any = ET.XMLPullParser(("start", "end"))
    depth = read = 0
    try:
        while chunk := part.read(65_536):
            read += len(chunk)
            if read > MAX_PART_BYTES:
                raise Unreadable("too_large")
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:  # Word writes none; they can only do harm
                raise Unreadable("damaged")
            parser.feed(chunk)
            for event, element in parser.read_events():
                depth += 1 if event == "start" else -1
                if depth > MAX_DEPTH:
                    raise Unreadable("damaged")
                element.tag = plain(element.tag)
                yield event, element
        parser.close()
    except ET.ParseError as error:
        raise Unreadable("damaged") from error


def plain(tag: str) -> str:
    """A tag in the usual namespace; the strict kind of document has another one for the same words."""
    return tag.replace(STRICT_W, W) if tag.startswith(STRICT_W) else tag


def value(element: ET.Element | None, name: str, attribute: str = "val") -> str | None:
    """The attribute of a child, such as `<w:jc w:val="center"/>`; None where there is no such child."""
    child = element.find(W + name) if element is not None else None
    return attribute_of(child, attribute)


def attribute_of(element: ET.Element | None, attribute: str) -> str | None:
    """An attribute in Word's own namespace, of either kind."""
    if element is None:
        return None
    return element.get(W + attribute) or element.get(STRICT_W + attribute)


def is_on(element: ET.Element | None, name: str) -> bool:
    """Whether a switch such as `<w:b/>` stands and is not turned off."""
    child = element.find(W + name) if element is not None else None
    return child is not None and attribute_of(child, "val") not in ("0", "false", "off", "none")


def whole(text: str | None, default: int = 0, most: int = 9_999) -> int:
    """A number from an attribute, kept within reason."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 10 else default
