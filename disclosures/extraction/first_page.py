"""The first page of a PDF as a small picture, made in a process of its own with little memory and time.

`python -m disclosures.extraction.first_page PATH BOX SECONDS` writes width and height (four bytes each) and the pixels,
three bytes each: whoever takes them needs no decoder. It writes nothing for a file that has no page to show.
"""

import contextlib
import math
import struct
import sys
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from disclosures.extraction.limits import bind

SIZES = struct.Struct(">II")


def most_bytes(box: int) -> int:
    """How much a picture of at most `box` by `box` pixels takes."""
    return SIZES.size + 3 * box * box


def rendered(path: Path, box: int) -> Image.Image | None:
    """The first page, its longest side just within `box` pixels, whatever size the page claims to have."""
    page = pdfium.PdfDocument(path)[0]
    sides = page.get_size()
    if not all(math.isfinite(side) and side > 0 for side in sides):
        return None
    scale = (box - 1) / max(sides)  # the bitmap is rounded up
    image: Image.Image = page.render(scale=scale, rev_byteorder=True, limit_image_cache=True).to_pil().convert("RGB")
    return image if max(image.size) <= box else None


def main(path: str, box: int, seconds: int) -> None:
    """Render within `seconds` of processor time; a file that cannot be rendered is no error."""
    bind(seconds, file_size=most_bytes(box))
    with contextlib.suppress(pdfium.PdfiumError, MemoryError, ValueError, OSError, IndexError):
        if (image := rendered(Path(path), box)) is not None:
            sys.stdout.buffer.write(SIZES.pack(*image.size) + image.tobytes())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
