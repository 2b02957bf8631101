"""XML read as a stream: no tree, no entities, no document types, bounded depth."""

import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from disclosures.extraction.output import CHUNK, Output, Unreadable

MAX_DEPTH = 400
MAX_BUFFER = 1_000_000

Attributes = dict[str, str]


class Walker:
    """Receives the elements of a document by their local names; subclasses say what they keep."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text inside the element."""


def walk(archive: zipfile.ZipFile, entry: str, walker: Walker, output: Output) -> None:
    """Lead `walker` through the XML file `entry`; raises Unreadable for what is damaged or hostile."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable("hostile")
        walker.start(local(name), {local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        walker.end(local(name))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = walker.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    _feed(archive, entry, parser.Parse, output)


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_declaration: object) -> None:
    raise Unreadable("hostile")


def _feed(archive: zipfile.ZipFile, entry: str, parse: Callable[[bytes, bool], object], output: Output) -> None:
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(CHUNK):
                output.unpack(len(chunk))
                parse(chunk, False)
        parse(b"", True)
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        ValueError,
        NotImplementedError,
    ) as bad:
        raise Unreadable("damaged") from bad
    except RuntimeError as locked:  # how zipfile says that an entry needs a password
        raise Unreadable("encrypted") from locked
