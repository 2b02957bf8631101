"""`python -m disclosures.word.reading < file.docx`: the document as JSON; runs apart, within limits the system keeps.

A hostile document can exhaust this process and nothing else: memory and time are limited before a byte is read.
"""

import io
import json
import resource
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import mammoth

from disclosures.word.recognise import recognise
from disclosures.word.simplify import HEADING, Simplifier, block_xml
from disclosures.word.xml import Unreadable

MEMORY = 150 * 1024 * 1024  # bytes of data this process may hold
SECONDS = 10  # of computing
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLE_MAP = "\n".join(f"p.{HEADING}{level} => h{level}:fresh" for level in (2, 3, 4)) + "\nu => u"


def read(file: Any) -> dict[str, Any]:
    """The parts of a document: html, title, number, date as printed, and how much was left out."""
    with zipfile.ZipFile(file) as archive:
        simplifier = Simplifier(archive)
        found = recognise(list(simplifier.blocks()))
        small = _small_document([block_xml(block) for block in found.rest], simplifier.links)
    return {
        "html": _html(small),
        "title": found.title,
        "number": found.number,
        "date": found.date,
        "images": simplifier.images,
        "text_boxes": simplifier.text_boxes,
    }


def _html(document: io.BytesIO) -> str:
    return str(mammoth.convert_to_html(document, style_map=STYLE_MAP).value)


def _small_document(blocks: list[str], links: dict[str, str]) -> io.BytesIO:
    """A document of nothing but what is kept, which the converter reads in a fraction of the time and memory."""
    related = "".join(
        f'<Relationship Id={quoteattr(key)} Type="{OFFICE}/hyperlink" Target={quoteattr(url)} TargetMode="External"/>'
        for key, url in links.items()
    )
    levels = "".join(f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="bullet"/></w:lvl>' for level in range(9))
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="main" Type="{OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{related}<Relationship Id="portal-list" '
        f'Type="{OFFICE}/numbering" Target="numbering.xml"/></Relationships>',
        "word/numbering.xml": f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{''.join(blocks)}</w:body></w:document>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    packed.seek(0)
    return packed


def answer(file: Any) -> dict[str, Any]:
    """What `read` found, or one word for why it found nothing."""
    try:
        return read(file)
    except Unreadable as unreadable:
        return {"refused": unreadable.why}
    except (MemoryError, RecursionError):
        return {"refused": "too_large"}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, AttributeError, IndexError):
        return {"refused": "damaged"}


def limit() -> None:
    """Bind this process: memory, time, no file written, no other process started."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def peak() -> int:
    """Bytes of memory this process held at most; `getrusage` would count what its parent held."""
    with Path("/proc/self/status").open(encoding="ascii") as status:
        found = next((line for line in status if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(found.split()[1]) * 1024


if __name__ == "__main__":
    limit()
    said = answer(sys.stdin.buffer)
    sys.stdout.write(json.dumps({**said, "peak": peak()}))
