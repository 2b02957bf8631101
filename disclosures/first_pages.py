"""The first page of a stored PDF as a picture, rendered by `disclosures.extraction.first_page` in a limited process."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from PIL import Image

from disclosures.extraction.first_page import SIZES, most_bytes


class TookTooLong(Exception):
    """The page was not rendered within the time; another time it may be."""


def first_page(path: Path, box: int, *, seconds: int) -> Image.Image | None:
    """The first page at most `box` pixels wide and high; None for a file that shows none. Raises `TookTooLong`."""
    command = [sys.executable, "-m", "disclosures.extraction.first_page", str(path), str(box), str(seconds)]
    with tempfile.TemporaryFile() as said:
        try:
            subprocess.run(  # noqa: S603 our own module, no shell
                command,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise TookTooLong from late
        said.seek(0)
        return _picture(said.read(most_bytes(box) + 1), box)


def _picture(said: bytes, box: int) -> Image.Image | None:
    """The pixels as a picture, if they are exactly as many as the process says and not too many."""
    if len(said) < SIZES.size:
        return None
    width, height = SIZES.unpack(said[: SIZES.size])
    pixels = said[SIZES.size :]
    if not (0 < width <= box and 0 < height <= box and len(pixels) == 3 * width * height):
        return None
    return Image.frombytes("RGB", (width, height), pixels)
