"""Which reader a file gets, and the archives that hold other files."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO

from disclosures.extraction.output import CHUNK, Output, Unreadable
from disclosures.extraction.pages import read_pdf, read_picture
from disclosures.extraction.sheets import read_workbook
from disclosures.extraction.slides import read_presentation
from disclosures.extraction.word import read_word

MAX_DEPTH = 2  # archives inside archives, embedded documents
MAX_ENTRIES = 5_000
PICTURES = frozenset("jpg jpeg png gif webp".split())
_OFFICE: dict[str, tuple[str, Callable[[zipfile.ZipFile, Output], None]]] = {
    "docx": ("word/document.xml", read_word),
    "wps": ("word/document.xml", read_word),
    "xlsx": ("xl/workbook.xml", read_workbook),
    "et": ("xl/workbook.xml", read_workbook),
    "pptx": ("ppt/presentation.xml", read_presentation),
}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_DIRECTORY_SHARE = 4 * 1024 * 1024  # bytes of an OLE file looked through for the name of its locked stream


def read_path(path: Path, extension: str, output: Output) -> None:
    """Read one file by its extension; raises Unreadable with the reason."""
    if extension == "pdf":
        read_pdf(path, output)
    elif extension in PICTURES:
        read_picture(path, output)
    elif extension in ("txt", "csv", "xml"):
        output.part("body", _decoded(path.read_bytes()[: 8 * 1024 * 1024]))
    elif extension in _OFFICE or extension == "zip":
        _read_archive(path, extension, output)
    else:
        raise Unreadable("format")


def _read_archive(path: Path, extension: str, output: Output) -> None:
    if extension != "zip":
        _refuse_ole(path, extension)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as bad:
        raise Unreadable("damaged") from bad
    with archive:
        if len(archive.infolist()) > MAX_ENTRIES:
            raise Unreadable("hostile")
        if extension == "zip":
            output.part("entries", "\n".join(map(_name, archive.infolist())))
            _read_inner(archive, archive.infolist(), output)
            return
        main, read = _OFFICE[extension]
        if main not in archive.namelist():
            raise Unreadable("damaged")
        read(archive, output)
        _read_inner(archive, [entry for entry in archive.infolist() if "/embeddings/" in entry.filename], output)
        pictures = sum("/media/" in name for name in archive.namelist())
        if pictures:
            output.gap("pictures", count=pictures)


def _refuse_ole(path: Path, extension: str) -> None:
    """Old formats and locked Office files share one container."""
    with path.open("rb") as file:
        if file.read(8) == _OLE:
            is_locked = _LOCKED in file.read(_DIRECTORY_SHARE)
            raise Unreadable("encrypted" if is_locked else "format" if extension in ("wps", "et") else "damaged")


def _read_inner(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], output: Output) -> None:
    """Files inside, each through its own reader; one that cannot be read is a gap, not the end."""
    for done, entry in enumerate(entries):
        if entry.is_dir():
            continue
        output.inside.append(_name(entry))
        try:
            if len(output.inside) > MAX_DEPTH:
                raise Unreadable("hostile")
            _read_entry(archive, entry, output)
        except Unreadable as reason:
            if reason.reason == "too_large":
                raise
            output.gap(reason.reason)
        finally:
            output.inside.pop()
        output.progress(done + 1, len(entries))


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, output: Output) -> None:
    extension = PurePosixPath(_name(entry)).suffix[1:].lower()
    with tempfile.NamedTemporaryFile() as copy:
        try:
            with archive.open(entry) as stream:
                _copy(stream, copy, output)
        except RuntimeError as locked:
            raise Unreadable("encrypted") from locked
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as bad:
            raise Unreadable("damaged") from bad
        copy.flush()
        read_path(Path(copy.name), extension, output)


def _copy(source: IO[bytes], target: IO[bytes], output: Output) -> None:
    while chunk := source.read(CHUNK):
        output.unpack(len(chunk))
        target.write(chunk)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: Chinese desktops write GBK without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("damaged")
