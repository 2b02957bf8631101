"""Images made anew: right way up, without what a camera or program wrote beside the picture, bounded in memory (S34).

What is decoded at once stays below `MOST_BYTES`, so that one upload never takes more than about 150 MB.
"""

import io
import tempfile
from typing import IO

from PIL import Image, ImageCms, ImageFile, ImageOps

MOST_PIXELS = 16_000_000  # of the copy that is kept: a page of A3 at 300 dots an inch
MOST_BYTES = 100_000_000  # of a decoded image; only JPEG can be decoded smaller than it is
SPOOL = 4 * 1024 * 1024  # bytes held in memory before the copy goes to a temporary file
SCALES = (1, 2, 4, 8)
BYTES = {"1": 2, "L": 1, "I;16": 2}  # of a pixel as Pillow holds it or must for a small copy; every other mode takes 4
COPIES = {"WEBP": 4}  # its decoder holds the picture several times over
SAVED = {
    "JPEG": {"quality": 88},
    "PNG": {"compress_level": 3},  # the pixels of a large photograph within two seconds
    "WEBP": {"quality": 88, "method": 2},
    "GIF": {},
}


class TooManyPixels(ValueError):
    """The image cannot be decoded within the memory there is for it."""


def reencoded(file: IO[bytes], container: str) -> IO[bytes]:
    """A copy of the picture in the same format: sRGB, first frame, turned as the camera was held, no metadata.

    The same bytes always give the same copy, so equal files stay equal. Raises `TooManyPixels`, or whatever a decoder
    raises for a damaged file.
    """
    kind = container.upper()
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint switches it on for the whole process
    with Image.open(file, formats=[kind]) as opened:
        image = upright(loaded(opened, kind))
    target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115 — the upload closes it
    image.save(target, kind, **SAVED[kind])
    target.seek(0)
    return target


def loaded(image: Image.Image, kind: str) -> Image.Image:
    """The first frame, decoded within bounds and at most `MOST_PIXELS` large, with its colours in sRGB."""
    if kind == "JPEG":
        most = MOST_PIXELS * 2 // 3 if image.mode == "CMYK" else MOST_PIXELS  # printers' colours are held twice
        scale = next((s for s in SCALES if image.width * image.height / s**2 <= most), SCALES[-1])
        image.draft(image.mode, (image.width // scale, image.height // scale))
    pixels = image.width * image.height
    if pixels * BYTES.get(image.mode, 4) * COPIES.get(kind, 1) > MOST_BYTES:
        raise TooManyPixels
    image.load()
    if pixels > MOST_PIXELS and image.mode not in ("P", "1", "I;16"):
        exif = image.getexif()
        image = reduced(image, pixels)
        image.info["exif"] = exif.tobytes()
    return in_srgb(image, kind)


def reduced(image: Image.Image, pixels: int) -> Image.Image:
    """The image by the smallest whole factor that makes it small enough; its profile goes along."""
    factor = next(number for number in range(2, 9) if pixels / number**2 <= MOST_PIXELS)
    small = image.reduce(factor)
    if profile := image.info.get("icc_profile"):
        small.info["icc_profile"] = profile
    if "transparency" in image.info:
        small.info["transparency"] = image.info["transparency"]
    return small


def in_srgb(image: Image.Image, kind: str) -> Image.Image:
    """Colours as every screen takes them to be; a profile nobody can read is dropped like other metadata."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            is_inplace = image.mode == "RGB"
            made = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB", inPlace=is_inplace
            )
            return image if made is None else with_exif_of(made, image)
        except ImageCms.PyCMSError:
            pass
    is_odd = kind == "JPEG" and image.mode not in ("RGB", "L")
    return with_exif_of(image.convert("RGB"), image) if is_odd else image


def with_exif_of(made: Image.Image, image: Image.Image) -> Image.Image:
    """The converted image, still knowing how the camera was held."""
    made.info["exif"] = image.getexif().tobytes()
    return made


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as it was meant, and nothing else of what stood beside it."""
    turned = ImageOps.exif_transpose(image)
    assert turned is not None
    turned.info = {name: value for name, value in turned.info.items() if name == "transparency"}
    if hasattr(turned, "text"):
        turned.text = {}
    return turned
