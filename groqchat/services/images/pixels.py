"""Images as rows of pixels, for the screen."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from groqchat.services.images.loading import INSTALL

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from groqchat.domain.images.image import Image

    # Red, green and blue, each from 0 to 255.
    Pixel = tuple[int, int, int]

# What is kept; others of Pillow's readers are not needed here.
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def pixel_rows(image: Image, width: int, height: int) -> list[list[Pixel]]:
    """The pixels of an image, from the top; of an animation, those of its first picture.

    It takes a second where Pillow is loaded or the image is large.

    Args:
        image: The image, with its bytes.
        width: The most pixels of a row; a smaller image keeps its size.
        height: The most rows.

    Raises:
        ValueError: It cannot be shown; the message is a sentence for the user.
    """
    shown = _opened(image, width, height)
    data, columns = shown.tobytes(), shown.width
    pixels = [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]
    return [pixels[at : at + columns] for at in range(0, len(pixels), columns)]


def png_of(image: Image, width: int, height: int) -> tuple[bytes, int, int]:
    """An image as a PNG, with its width and height; of an animation, its first picture.

    Args:
        image: The image, with its bytes.
        width: The most pixels of a row; a smaller image keeps its size.
        height: The most rows.

    Raises:
        ValueError: It cannot be shown; the message is a sentence for the user.
    """
    shown = _opened(image, width, height)
    out = io.BytesIO()
    shown.save(out, "PNG", compress_level=1)
    return out.getvalue(), shown.width, shown.height


def _opened(image: Image, width: int, height: int) -> Picture:
    """The picture of an image on a white ground, no larger than this."""
    try:
        import PIL.Image
        import PIL.ImageOps
    except ImportError:
        raise ValueError(f"Images are shown here after: {INSTALL}") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            opened = PIL.Image.open(io.BytesIO(image.data), formats=_FORMATS)
            opened.draft("RGB", (width, height))  # a large JPEG is read at a smaller size
            picture = PIL.ImageOps.exif_transpose(opened).convert("RGBA")
    except Exception as error:  # beside its own errors, broken files raise any other
        raise ValueError("The image cannot be shown: it is broken or too large.") from error
    picture.thumbnail((max(1, width), max(1, height)))
    shown = PIL.Image.new("RGB", picture.size, "white")
    shown.paste(picture, mask=picture)
    return shown
