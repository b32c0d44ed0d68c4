"""Images as they are sent: small ones to the byte, others made to fit."""

import io
import sys

import PIL.Image
import pytest

from groqchat.domain.images import limits
from groqchat.services.images.loading import image_of, is_image_file, read_image
from tests.images import png


def _noise(form, size=(300, 200), mode="RGB"):
    out = io.BytesIO()
    PIL.Image.effect_noise(size, 90).convert(mode).save(out, form)
    return out.getvalue()


def test_a_small_image_is_sent_to_the_byte(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(png())
    found = read_image(path)
    assert (found.data, found.media_type) == (png(), "image/png")
    assert (found.name, found.width, found.height) == ("a.txt", 4, 3)
    assert is_image_file(path)
    assert not is_image_file(tmp_path)


def test_a_large_image_is_scaled_down_until_it_fits(monkeypatch):
    monkeypatch.setattr("groqchat.services.images.loading.LONGEST_SIDE", 100)
    monkeypatch.setattr("groqchat.services.images.loading.MOST_BYTES", 9_000)
    monkeypatch.setattr(limits, "MOST_BYTES", 9_000)
    found = image_of("big.png", _noise("PNG", mode="RGBA"))
    assert (found.width, found.height, found.media_type) == (100, 67, "image/jpeg")
    assert len(found.data) <= 9_000
    assert image_of("old.bmp", _noise("BMP", (9, 5))).media_type == "image/png"


def test_what_cannot_be_read_is_said():
    with pytest.raises(ValueError, match=r"^is no image in PNG, JPEG, GIF or WebP$"):
        image_of("a.png", b"hello")
    with pytest.raises(ValueError, match="could not be made smaller: it is broken"):
        image_of("a.bmp", _noise("BMP", (9, 5))[:40])


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_an_image_whose_end_is_missing_is_refused(form):
    whole = _noise(form)
    assert image_of("a", whole).data == whole
    with pytest.raises(ValueError, match=r"^is not complete: its end is missing$"):
        image_of("a", whole[: len(whole) // 2])


def test_a_file_with_the_name_of_an_image_is_never_taken_for_text(tmp_path):
    for data in (b"hello", b""):
        (tmp_path / "fake.PNG").write_bytes(data)
        assert is_image_file(tmp_path / "fake.PNG")
        with pytest.raises(ValueError, match="is no image"):
            read_image(tmp_path / "fake.PNG")


def test_without_pillow_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    assert image_of("a.png", png()).width == 4
    with pytest.raises(ValueError, match=r"made to fit after: pip install 'pillow"):
        image_of("a.bmp", b"BM" + bytes(60))
