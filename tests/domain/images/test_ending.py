"""A file of an image that was cut anywhere is known for it, and a whole one is not."""

import io

import PIL.Image
import pytest

from groqchat.domain.images.ending import is_cut_off


def written(form, **options):
    out = io.BytesIO()
    PIL.Image.effect_noise((40, 30), 90).save(out, form, **options)
    return out.getvalue()


def with_smaller_one(jpeg):
    """A JPEG that holds another one, as photographs do."""
    inner = b"Exif\0\0" + written("JPEG", quality=5)
    return jpeg[:2] + b"\xff\xe1" + (len(inner) + 2).to_bytes(2, "big") + inner + jpeg[2:]


def animated():
    out = io.BytesIO()
    frames = [PIL.Image.new("P", (9, 9), colour) for colour in (1, 2)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


WHOLE = {
    "png": written("PNG"),
    "jpeg": written("JPEG"),
    "progressive": written("JPEG", progressive=True),
    "photograph": with_smaller_one(written("JPEG")),
    "gif": written("GIF"),
    "animated": animated(),
    "webp": written("WEBP"),
}


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_whole_file_is_told_from_one_that_was_cut(whole):
    assert not is_cut_off(whole)
    assert not is_cut_off(whole + b"a note\xff\xd8behind it")
    # A GIF whose last byte is missing is whole all the same.
    is_gif = whole.startswith(b"GIF8")
    cuts = {len(whole) * share // 20 for share in range(1, 20)} | {len(whole) - 1 - is_gif}
    assert all(is_cut_off(whole[:length]) for length in cuts if length > 20)


def test_the_word_for_the_end_in_the_middle_is_no_end():
    png = WHOLE["png"]
    note = (12).to_bytes(4, "big") + b"tEXt" + b"IEND\xff\xd9......" + bytes(4)
    whole = png[:33] + note + png[33:]
    assert not is_cut_off(whole)
    assert is_cut_off(whole[:-20])


def test_a_gif_without_its_last_byte_is_whole_as_some_programs_write_it():
    assert not is_cut_off(WHOLE["gif"][:-1])
    assert is_cut_off(WHOLE["gif"][:30])
