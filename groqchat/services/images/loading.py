"""Images as they are sent: small ones as they are, larger ones scaled down by Pillow."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from groqchat.domain.images.ending import is_cut_off
from groqchat.domain.images.header import header_of
from groqchat.domain.images.image import Image
from groqchat.domain.images.limits import (
    LONGEST_SIDE,
    MOST_BYTES,
    MOST_BYTES_READ,
    is_too_large,
    why_too_large,
)
from groqchat.domain.text.humanize import size

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image as Picture

INSTALL = "pip install 'pillow>=12,<14'"
"""The command that installs what scales and shows images."""
_NAMES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
_QUALITIES = (88, 75, 60, 45)
# What Pillow opens and no server takes; others of its readers are not needed here.
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
_BEGINNINGS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_LONGEST_BEGINNING = 16


def is_image(beginning: bytes) -> bool:
    """Whether a file that begins so is an image that can be sent, as it is or converted."""
    is_webp = beginning.startswith(b"RIFF") and beginning[8:12] == b"WEBP"
    is_bitmap = beginning.startswith(b"BM") and beginning[6:10] == bytes(4)
    return beginning.startswith(_BEGINNINGS) or is_webp or is_bitmap or beginning[4:12] == _AVIF


_AVIF = b"ftypavif"


def is_image_file(path: Path) -> bool:
    """Whether a path is that of a file with an image, or with the name of one."""
    try:
        if not path.is_file():
            return False
        if path.suffix.lower() in _NAMES:
            return True
        with path.open("rb") as file:
            return is_image(file.read(_LONGEST_BEGINNING))
    except (OSError, ValueError):
        return False


def read_image(path: Path) -> Image:
    """The image of a file.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no image; the message goes on a sentence that names the file.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES_READ + 1)
    return image_of(path.name, data)


def image_of(name: str, data: bytes) -> Image:
    """The image of some bytes, as it is sent.

    Raises:
        ValueError: They are no image, or it is too large; the message goes on a sentence that
            names it.
    """
    if len(data) > MOST_BYTES_READ:
        raise ValueError(f"is larger than {size(MOST_BYTES_READ)}")
    header = header_of(data)
    if header is None and not is_image(data[:_LONGEST_BEGINNING]):
        raise ValueError("is no image in PNG, JPEG, GIF or WebP")
    if is_cut_off(data):
        raise ValueError("is not complete: its end is missing")
    if header is not None and not is_too_large(header.width, header.height, len(data)):
        return Image.of(name, *header, data)
    why = "has a format that no model takes"
    if header is not None:
        why = why_too_large(header.width, header.height, len(data))
    return _fitted(name, data, why)


def _fitted(name: str, data: bytes, why: str) -> Image:
    try:
        import PIL.Image
        import PIL.ImageOps
    except ImportError:
        raise ValueError(f"{why}; it is made to fit after: {INSTALL}") from None
    side = (LONGEST_SIDE, LONGEST_SIDE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            opened = PIL.Image.open(io.BytesIO(data), formats=_FORMATS)
            opened.draft("RGB", side)  # a large JPEG is read at a smaller size
            picture = PIL.ImageOps.exif_transpose(opened)
            picture.thumbnail(side)
            has_clear = picture.has_transparency_data
            return _encoded(name, picture.convert("RGBA" if has_clear else "RGB"))
    except Exception as error:  # beside its own errors, broken files raise any other
        raise ValueError(
            f"{why}. It could not be made smaller: it is broken, or too large to open"
        ) from error


def _encoded(name: str, picture: Picture) -> Image:
    """A picture as a file: without loss where that is small enough."""
    import PIL.Image

    out = io.BytesIO()
    picture.save(out, "PNG")
    if out.tell() <= MOST_BYTES:
        return Image.of(name, "image/png", *picture.size, out.getvalue())
    ground = PIL.Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    for quality in _QUALITIES:
        out = io.BytesIO()
        ground.save(out, "JPEG", quality=quality)
        if out.tell() <= MOST_BYTES:
            break
    return Image.of(name, "image/jpeg", *picture.size, out.getvalue())
