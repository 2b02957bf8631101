"""Uploaded files: which are accepted, where they lie (by their content's SHA-256), how they leave the portal (S34)."""

import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, BinaryIO, NamedTuple, NoReturn

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from PIL import Image

from disclosures import images
from disclosures.richtext import clean_line

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Kind(NamedTuple):
    """A file type: its MIME type, the containers its content may use, and what must be named inside the container."""

    content_type: str
    containers: tuple[str, ...]
    inside: tuple[str, ...] = ()  # a zip entry, or a stream of an OLE2 file; one of them is enough


_OOXML = "application/vnd.openxmlformats-officedocument."
_WORD = ("word/document.xml", "WordDocument")
_SHEET = ("xl/workbook.xml", "Workbook", "Book")
ALLOWED: dict[str, Kind] = {
    "pdf": Kind("application/pdf", ("pdf",)),
    "docx": Kind(f"{_OOXML}wordprocessingml.document", ("zip",), ("word/document.xml",)),
    "xlsx": Kind(f"{_OOXML}spreadsheetml.sheet", ("zip",), ("xl/workbook.xml",)),
    "pptx": Kind(f"{_OOXML}presentationml.presentation", ("zip",), ("ppt/presentation.xml",)),
    "doc": Kind("application/msword", ("ole",), ("WordDocument",)),
    "xls": Kind("application/vnd.ms-excel", ("ole",), ("Workbook", "Book")),
    "ppt": Kind("application/vnd.ms-powerpoint", ("ole",), ("PowerPoint Document",)),
    "wps": Kind("application/wps-office.wps", ("ole", "zip"), _WORD),
    "et": Kind("application/wps-office.et", ("ole", "zip"), _SHEET),
    "ofd": Kind("application/ofd", ("zip",), ("OFD.xml",)),
    "jpg": Kind("image/jpeg", ("jpeg",)),
    "jpeg": Kind("image/jpeg", ("jpeg",)),
    "png": Kind("image/png", ("png",)),
    "gif": Kind("image/gif", ("gif",)),
    "webp": Kind("image/webp", ("webp",)),
    "zip": Kind("application/zip", ("zip",)),
}
MACRO_EXTENSIONS = frozenset("docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam".split())
IMAGES = frozenset(("jpeg", "png", "gif", "webp"))

DEFAULT_MAX_BYTES = 50 * 1024 * 1024
MAX_NAME = 120  # characters, extension included
MAX_PIXELS = 80_000_000  # an A3 page scanned at 600 dots an inch; below Pillow's own warning
MAX_ENTRIES = 2_000
MAX_DIRECTORY_BYTES = 1024 * 1024
MAX_UNPACKED_FACTOR = 8  # unpacked bytes, as a multiple of the upload limit
MAX_RATIO = 200  # unpacked to packed bytes, asked of archives that unpack to more than RATIO_FREE_BYTES
RATIO_FREE_BYTES = 10 * 1024 * 1024
CHUNK = 64 * 1024

_CONTAINERS: dict[str, tuple[bytes, frozenset[str]]] = {  # first bytes, and an extension puremagic must find likely
    "pdf": (b"%PDF-", frozenset((".pdf",))),
    "zip": (b"PK\x03\x04", frozenset((".zip", ".docx", ".xlsx", ".pptx"))),
    "ole": (bytes.fromhex("d0cf11e0a1b11ae1"), frozenset((".doc", ".xls", ".ppt"))),
    "jpeg": (b"\xff\xd8\xff", frozenset((".jpg", ".jpeg"))),
    "png": (b"\x89PNG\r\n\x1a\n", frozenset((".png",))),
    "gif": (b"GIF8", frozenset((".gif",))),
    "webp": (b"RIFF", frozenset((".webp",))),
}
_UNREADABLE_ZIP = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')  # a Windows desktop cannot save them
_OPEN_XML_MACRO = re.compile(rb"vbaproject|macroenabled", re.IGNORECASE)


class UploadRefused(ValidationError):
    """A file that is not accepted: ``code`` for programs, a sentence for the clerk who chose it."""

    def __init__(self, code: str, message: "str | _StrPromise", params: dict[str, Any] | None = None) -> None:
        super().__init__(message, code=code, params=params)


@dataclass(frozen=True)
class Inspected:
    """What is known of an accepted upload; ``size`` in bytes, ``name`` safe to display and to offer for saving."""

    extension: str
    content_type: str
    size: int
    name: str


@dataclass(frozen=True)
class Stored:
    """A file that lies in the store, whole and on the disk; ``size`` in bytes."""

    sha256: str
    size: int
    content_type: str
    path: Path


def inspect(upload: UploadedFile) -> Inspected:
    """What ``upload`` is, proven by its content; raises ``UploadRefused`` for anything but the ``ALLOWED`` types.

    The content of an image is replaced by a copy without metadata: what the camera wrote is kept nowhere.
    """
    name = safe_name(upload.name or "")
    extension = _allowed_extension(name)
    size = upload.size or 0
    if not size:
        raise UploadRefused("empty", _("“%(name)s” is empty. Choose the file again."), {"name": name})
    _refuse_large(size, name)
    container = _check_content(_file_of(upload), extension, name)
    if container in IMAGES:
        size = _make_anew(upload, container, name)
    upload.seek(0)
    return Inspected(extension, ALLOWED[extension].content_type, size, name)


def store(upload: UploadedFile, inspected: Inspected) -> Stored:
    """Keep ``upload`` under the SHA-256 of its content; equal content is kept once.

    When it returns, file and folder entry are on the disk, so the row that names them may be committed. Nothing is
    held in memory but one chunk.
    """
    sha256, size = _digest(upload)
    path = _path_of(sha256)
    _make_private_folders(path.parent)
    if not (path.exists() and path.stat().st_size == size):
        _write(upload, path)
    _sync_folder(path.parent)
    return Stored(sha256, size, inspected.content_type, path)


def open_stored(sha256: str) -> BinaryIO:
    """The stored file, open for reading; FileNotFoundError when there is none, also for what is no digest at all."""
    return _path_of(sha256).open("rb")


def stored_path(sha256: str) -> Path:
    """Where the stored file lies, for the reading process; FileNotFoundError for what is no digest."""
    return _path_of(sha256)


def remove(sha256: str) -> None:
    """Take a stored file off the disk for good; one that is not there is no error. The caller knows nobody needs it."""
    path = _path_of(sha256)
    with suppress(FileNotFoundError):
        path.unlink()
        _sync_folder(path.parent)


def download_response(sha256: str, filename: str, content_type: str) -> HttpResponseBase:
    """The stored file as a download that no browser displays, guesses at, runs or keeps.

    The caller has asked ``visibility`` first. No validators (ETag, Last-Modified): they would tell that a file exists.
    """
    known = {kind.content_type for kind in ALLOWED.values()}
    return _bytes_of(sha256, content_type if content_type in known else "application/octet-stream", safe_name(filename))


def image_response(sha256: str, content_type: str) -> HttpResponseBase:
    """A stored thumbnail for showing in a page; the caller has asked ``visibility`` first, and no validator is sent."""
    return _bytes_of(sha256, content_type)


def _bytes_of(sha256: str, content_type: str, download_as: str = "") -> HttpResponseBase:
    """The file itself, or where a front sends files, its place for the front; FileNotFoundError when there is none."""
    response: HttpResponseBase
    if settings.PORTAL_ACCEL_PREFIX:
        response = _left_to_the_front(_path_of(sha256), content_type, download_as)
    else:
        name = download_as or sha256
        response = FileResponse(
            open_stored(sha256), as_attachment=bool(download_as), filename=name, content_type=content_type
        )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _left_to_the_front(path: Path, content_type: str, download_as: str) -> HttpResponse:
    if not path.is_file():
        raise FileNotFoundError
    response = HttpResponse(content_type=content_type)
    if download_as:
        response["Content-Disposition"] = content_disposition_header(True, download_as) or "attachment"
    response["X-Accel-Redirect"] = settings.PORTAL_ACCEL_PREFIX + path.relative_to(settings.UPLOAD_ROOT).as_posix()
    return response


def safe_name(name: str) -> str:
    """``name`` without folders, control or bidi characters, at most ``MAX_NAME`` characters with its extension kept."""
    name = clean_line(unicodedata.normalize("NFC", name).replace("\\", "/")).rpartition("/")[2]
    name = _FORBIDDEN_IN_NAMES.sub("_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = name, "", ""
    return (stem[: MAX_NAME - len(dot + extension)].rstrip(" .") or "file") + dot + extension


def _allowed_extension(name: str, archive: str = "") -> str:
    extension = PurePosixPath(name).suffix[1:].lower()
    if extension in MACRO_EXTENSIONS:
        _refuse_macros(name)
    if extension in ALLOWED and not (archive and extension == "zip"):
        return extension
    allowed = ", ".join(sorted(ALLOWED))
    if archive:
        raise UploadRefused(
            "archive_entry",
            _("“%(archive)s” contains “%(name)s”, a file type that is not accepted. Accepted are: %(allowed)s."),
            {"archive": archive, "name": name, "allowed": allowed.removesuffix(", zip")},
        )
    raise UploadRefused(
        "extension",
        _("“%(name)s” is of a file type that is not accepted. Accepted are: %(allowed)s."),
        {"name": name, "allowed": allowed},
    )


def _max_bytes() -> int:
    return int(getattr(settings, "UPLOAD_MAX_BYTES", DEFAULT_MAX_BYTES))


def _refuse_large(size: int, name: str) -> None:
    if size > _max_bytes():
        raise UploadRefused(
            "too_large",
            _("“%(name)s” is too large: at most %(limit)d MB are accepted. Split it or reduce its images."),
            {"name": name, "limit": _max_bytes() // (1024 * 1024)},
        )


def _refuse_macros(name: str) -> NoReturn:
    raise UploadRefused(
        "macros", _("“%(name)s” contains macros. Save it without macros and choose it again."), {"name": name}
    )


def _refuse_mismatch(name: str) -> NoReturn:
    raise UploadRefused(
        "mismatch",
        _(
            "The content of “%(name)s” is not what its name says, or the file is damaged or locked by a password. "
            "Open it, save it again in the right format and choose that file."
        ),
        {"name": name},
    )


def _refuse_archive(name: str) -> NoReturn:
    raise UploadRefused(
        "archive",
        _("“%(name)s” is packed in a way that is not accepted. Pack it again without a password, or add single files."),
        {"name": name},
    )


def _file_of(upload: UploadedFile) -> IO[bytes]:
    file = upload.file
    if file is None:
        raise UploadRefused("empty", _("“%(name)s” is empty. Choose the file again."), {"name": upload.name})
    return file


def _check_content(file: IO[bytes], extension: str, name: str) -> str:
    kind = ALLOWED[extension]
    container = _container_of(file)
    if container not in kind.containers:
        _refuse_mismatch(name)
    if container in IMAGES:
        _check_image(file, container, name)
    elif container == "ole":
        _check_ole(file, kind, name)
    elif container == "zip":
        _check_zip(file, extension, name)
    return container


def _container_of(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(8192)
    try:
        likely = {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return ""
    return next((c for c, (start, names) in _CONTAINERS.items() if head.startswith(start) and names & likely), "")


def _check_image(file: IO[bytes], container: str, name: str) -> None:
    file.seek(0)
    try:
        with Image.open(file, formats=[container.upper()]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse_pixels(name)
    except Exception:  # noqa: BLE001 - a hostile image makes a decoder raise anything
        _refuse_mismatch(name)


def _make_anew(upload: UploadedFile, container: str, name: str) -> int:
    """Put the copy without metadata in the place of an image's content; returns its size in bytes."""
    file = _file_of(upload)
    file.seek(0)
    try:
        clean = images.reencoded(file, container)
    except images.TooManyPixels:
        _refuse_pixels(name)
    except Exception:  # noqa: BLE001 - a hostile image makes a decoder raise anything
        _refuse_mismatch(name)
    upload.size = clean.seek(0, os.SEEK_END)
    file.close()
    upload.file = File(clean)
    return upload.size


def _refuse_pixels(name: str) -> NoReturn:
    raise UploadRefused(
        "image_too_large",
        _("The image “%(name)s” has too many pixels. Make it smaller and choose it again."),
        {"name": name},
    )


def _check_ole(file: IO[bytes], kind: Kind, name: str) -> None:
    wanted = {stream: stream.encode("utf-16-le") + b"\0\0" for stream in (*kind.inside, "_VBA_PROJECT")}
    found: set[str] = set()
    tail = b""
    for chunk in _chunks(file):
        window = tail + chunk
        found |= {stream for stream, encoded in wanted.items() if encoded in window}
        tail = window[-64:]
    if "_VBA_PROJECT" in found:
        _refuse_macros(name)
    if not found:
        _refuse_mismatch(name)


def _check_zip(file: IO[bytes], extension: str, name: str) -> None:
    _refuse_huge_directory(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _refuse_bomb(entries, name)
            for entry in entries:
                _refuse_odd_entry(entry, name)
            if extension == "zip":
                _check_entries(archive, name)
            else:
                _check_office(archive, ALLOWED[extension], name)
    except _UNREADABLE_ZIP:
        _refuse_mismatch(name)


def _refuse_huge_directory(file: IO[bytes], name: str) -> None:
    """Look at the end record before ``zipfile`` reads the whole directory of entries into memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_557 - 20))
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        _refuse_mismatch(name)
    entries = int.from_bytes(end[at + 10 : at + 12], "little")
    directory = int.from_bytes(end[at + 12 : at + 16], "little")
    is_zip64 = end[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    if is_zip64 or entries > MAX_ENTRIES or directory > MAX_DIRECTORY_BYTES:
        _refuse_bomb_named(name)


def _refuse_bomb(entries: list[zipfile.ZipInfo], name: str) -> None:
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    is_dense = unpacked > RATIO_FREE_BYTES and unpacked > MAX_RATIO * max(packed, 1)
    if is_dense or len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_FACTOR * _max_bytes():
        _refuse_bomb_named(name)


def _refuse_bomb_named(name: str) -> NoReturn:
    raise UploadRefused(
        "archive_too_large", _("“%(name)s” holds too much or too many files when unpacked. Split it."), {"name": name}
    )


def _refuse_odd_entry(entry: zipfile.ZipInfo, name: str) -> None:
    path = entry.orig_filename.replace("\\", "/")
    is_outside = path.startswith("/") or ".." in path.split("/") or "\0" in path or re.match("[A-Za-z]:", path)
    is_locked = entry.flag_bits & 0x1
    if is_outside or is_locked or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        _refuse_archive(name)
    if path.lower().endswith("vbaproject.bin"):
        _refuse_macros(name)


def _check_office(archive: zipfile.ZipFile, kind: Kind, name: str) -> None:
    names = set(archive.namelist())
    if not names.intersection(kind.inside):
        _refuse_mismatch(name)
    if "[Content_Types].xml" in names:
        with archive.open("[Content_Types].xml") as types:
            if _OPEN_XML_MACRO.search(types.read(MAX_DIRECTORY_BYTES)):
                _refuse_macros(name)


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    """Each file of an archive must be one that would be accepted alone; archives within archives are not."""
    files = [entry for entry in archive.infolist() if not entry.is_dir()]
    if not files:
        _refuse_mismatch(name)
    for entry in files:
        inner = safe_name(_entry_name(entry))
        extension = _allowed_extension(inner, archive=name)
        _refuse_large(entry.file_size, inner)
        with tempfile.TemporaryFile() as unpacked, archive.open(entry) as source:
            while chunk := source.read(CHUNK):
                unpacked.write(chunk)
            _check_content(unpacked, extension, inner)


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry; Chinese Windows writes GBK without saying so, which ``zipfile`` reads as code page 437."""
    if not entry.flag_bits & 0x800:
        with suppress(UnicodeError):
            return entry.orig_filename.encode("cp437").decode("gb18030")
    return entry.orig_filename


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _digest(upload: UploadedFile) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(_file_of(upload)):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _path_of(sha256: str) -> Path:
    if not _DIGEST.fullmatch(sha256):
        raise FileNotFoundError
    return Path(settings.UPLOAD_ROOT) / sha256[:2] / sha256[2:4] / sha256


def _make_private_folders(folder: Path) -> None:
    """Make ``ab/cd`` under the root, for the owner only; each new name reaches the disk."""
    root = Path(settings.UPLOAD_ROOT)
    root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (root, folder.parent, folder):
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
            if settings.PORTAL_ACCEL_PREFIX:
                path.chmod(0o750)  # the front's account belongs to our group and passes through
        if path != root:
            _sync_folder(path.parent)


def _write(upload: UploadedFile, path: Path) -> None:
    """Write beside ``path``, then rename: a reader sees the whole file or none, also after a power cut."""
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in _chunks(_file_of(upload)):
                target.write(chunk)
            target.flush()
            if settings.PORTAL_ACCEL_PREFIX:
                os.fchmod(target.fileno(), 0o640)  # the front's account reads
            os.fsync(target.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sent(sha256: str, filename: str, content_type: str) -> HttpResponseBase:
    """The download of a stored file for a view, or Http404 when it is not on the disk."""
    try:
        return download_response(sha256, filename, content_type)
    except FileNotFoundError:
        raise Http404 from None
