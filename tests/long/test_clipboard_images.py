"""The image in the clipboard of a real X server, put there by a real xclip."""

import subprocess

import pytest

from groqchat.services.images.clipboard import clipboard_image
from tests.images import png
from tests.long.programs import needs
from tests.storage.keys.desktop_keyrings import display

programs_are_there = needs("xvfb xclip", "Xvfb", "xclip")
NOTHING = "holds no image"


def copy(kind, content):
    words = ["xclip", "-selection", "clipboard", "-target", kind, "-in"]
    subprocess.run(words, input=content, check=True, timeout=20, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
async def test_an_image_is_taken_in_the_type_that_it_has(monkeypatch, kind):
    with display(monkeypatch):
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        with pytest.raises(ValueError, match=NOTHING):
            await clipboard_image()
        copy("UTF8_STRING", b"hello")
        with pytest.raises(ValueError, match=NOTHING):
            await clipboard_image()
        copy(kind, png())
        assert (await clipboard_image()).data == png()


async def test_a_copied_file_is_taken(monkeypatch, tmp_path):
    path = tmp_path / "a sign.png"
    path.write_bytes(png())
    with display(monkeypatch):
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        copy("text/uri-list", f"{path.as_uri()}\r\n".encode())
        found = await clipboard_image()
    assert (found.name, found.data) == ("a sign.png", png())
