"""Marks of images in texts, and the headers of their files."""

import io

import PIL.Image
import pytest

from groqchat.domain.images.header import header_of
from groqchat.domain.images.image import Image, images_in, with_images_as, without_images
from tests.images import image, png


def test_a_mark_stands_for_its_image_and_for_nothing_else():
    one, other = image("a (1) [x].png"), image("b.png", 1)
    text = f"Look:\n\n{one.mark}\n\n{other.mark}\n\n{one.mark} Well? ![x](image:12) ![y](z.png)"
    assert [each.digest for each in images_in(text)] == [one.digest, other.digest]
    assert images_in(text)[0] == Image(one.digest, "a 1 x.png", 4, 3)
    assert without_images(text) == "Look:\n\n Well? ![x](image:12) ![y](z.png)"
    assert with_images_as(f"{one.mark}!", lambda each: each.words) == "a 1 x.png 4×3!"
    assert without_images("  a\n\n\n\nb ") == "  a\n\n\n\nb "


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("size", [(1, 1), (300, 7), (7, 300)])
def test_a_header_says_what_pillow_wrote(form, size):
    out = io.BytesIO()
    PIL.Image.new("RGB", size, "teal").save(out, form)
    assert header_of(out.getvalue()) == (f"image/{form.lower()}", *size)


def test_webp_is_read_in_all_its_forms():
    for options in ({"lossless": True}, {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"}):
        out = io.BytesIO()
        PIL.Image.new("RGBA", (300, 7)).save(out, "WEBP", **options)
        assert header_of(out.getvalue()) == ("image/webp", 300, 7)


def test_what_is_no_image_or_is_cut_has_no_header():
    jpeg = io.BytesIO()
    PIL.Image.new("RGB", (9, 9)).save(jpeg, "JPEG")
    for whole in (png(), jpeg.getvalue()):
        assert all(header_of(whole[:length]) is None for length in range(20))
    assert header_of(b"%PDF-1.7") is None
    assert header_of(png(width=0)) is None
