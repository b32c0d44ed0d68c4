"""Images as rows of pixels."""

import io
import sys

import PIL.Image
import pytest

from groqchat.domain.images.header import header_of
from groqchat.domain.images.image import Image
from groqchat.services.images.pixels import pixel_rows, png_of
from tests.images import image

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def drawn(picture, kind="PNG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return Image.of("a", f"image/{kind.lower()}", *picture.size, out.getvalue())


def test_a_small_image_keeps_its_pixels_and_a_large_one_fits():
    picture = PIL.Image.new("RGBA", (2, 2), RED)
    picture.putpixel((1, 0), BLUE)
    picture.putpixel((0, 1), (0, 0, 0, 0))
    assert pixel_rows(drawn(picture), 80, 40) == [[RED, BLUE], [WHITE, RED]]
    rows = pixel_rows(drawn(PIL.Image.new("RGB", (400, 200), BLUE)), 80, 40)
    assert rows == [[BLUE] * 80] * 40


def test_an_image_that_was_photographed_upright_stands_upright():
    turned = PIL.Image.new("RGB", (4, 2), RED)
    exif = turned.getexif()
    exif[0x0112] = 6
    rows = pixel_rows(drawn(turned, "JPEG", exif=exif), 80, 40)
    assert (len(rows[0]), len(rows)) == (2, 4)


def test_a_png_for_the_terminal_is_no_larger_than_its_room():
    png, width, height = png_of(drawn(PIL.Image.new("RGB", (400, 200), BLUE), "JPEG"), 80, 90)
    assert header_of(png) == ("image/png", 80, 40) == ("image/png", width, height)


def test_what_cannot_be_shown_is_told(monkeypatch):
    broken = Image.of("a", "image/png", 4, 3, image().data[:40])
    with pytest.raises(ValueError, match="The image cannot be shown: it is broken or too large"):
        pixel_rows(broken, 8, 8)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ValueError, match="Images are shown here after: pip install"):
        pixel_rows(image(), 8, 8)
