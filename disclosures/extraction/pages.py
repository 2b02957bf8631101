"""PDF pages, annotations and metadata; metadata of pictures."""

import ctypes
import warnings
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from disclosures.extraction.output import Output, Unreadable

_ANNOTATION_KEYS = (b"Contents", b"T", b"V")
_TOLD = 20  # page numbers named one by one


def read_pdf(path: Path, output: Output) -> None:
    """The text of every page; pages without any are named as gaps, for nobody has screened them."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as bad:
        raise Unreadable("encrypted" if "password" in str(bad).lower() else "damaged") from bad
    output.part("property", "\n".join(document.get_metadata_dict(skip_empty=True).values()))
    bare: list[int] = []
    for index in range(len(document)):
        try:
            _read_page(document, index, output, bare)
        except pdfium.PdfiumError:
            bare.append(index + 1)
        output.progress(index + 1, len(document))
    if bare:
        more = "…" if len(bare) > _TOLD else ""
        output.gap("pages", pages=", ".join(map(str, bare[:_TOLD])) + more)
    if document.count_attachments():
        output.gap("pictures", count=document.count_attachments())


def _read_page(document: pdfium.PdfDocument, index: int, output: Output, bare: list[int]) -> None:
    page = document[index]
    text = page.get_textpage()
    shown = text.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n")
    if not shown.strip():
        bare.append(index + 1)
    output.part("page", shown, number=index + 1)
    output.part("annotation", "\n".join(_annotations(page)))
    text.close()
    page.close()


def _annotations(page: pdfium.PdfPage) -> list[str]:
    found = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        found += [text for key in _ANNOTATION_KEYS if (text := _annotation_text(annotation, key))]
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def _annotation_text(annotation: raw.FPDF_ANNOTATION, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if not 2 < size <= 200_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def read_picture(path: Path, output: Output) -> None:
    """What cameras and editors wrote into the picture; what it shows is a gap."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as picture:
                texts = [value for value in picture.info.values() if isinstance(value, str | bytes)]
                exif = picture.getexif()
                for block in (exif, exif.get_ifd(0x8769)):
                    texts += [value for value in block.values() if isinstance(value, str | bytes)]
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as bad:
        raise Unreadable("damaged") from bad
    output.part("property", "\n".join(filter(None, map(_words, texts))))
    output.gap("picture")


def _words(value: str | bytes) -> str:
    if isinstance(value, str):
        return value
    if len(value) > 100_000:
        return ""
    if value.startswith(b"UNICODE\0"):
        return value[8:].decode("utf-16-le", "ignore")
    return value.removeprefix(b"ASCII\0\0\0").decode("utf-8", "ignore")
