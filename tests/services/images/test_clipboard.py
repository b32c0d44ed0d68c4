"""The image in the clipboard, read by programs that stand in for the platforms' own."""

import sys

import pytest

from groqchat.services.images.clipboard import clipboard_image
from tests.images import png


@pytest.fixture
def desktop(tmp_path, monkeypatch):
    """Puts programs on the only PATH, and says which desktop there is."""

    def put(platform="linux", variable="DISPLAY", **programs):
        monkeypatch.setattr(sys, "platform", platform)
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        if variable:
            monkeypatch.setenv(variable, ":9")
        (tmp_path / "image").write_bytes(png())
        for name, script in programs.items():
            path = tmp_path / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o700)
        return tmp_path

    return put


async def test_each_desktop_has_its_program(desktop):
    folder = desktop(xclip="", wl_paste="exit 9")
    (folder / "xclip").write_text(f"#!/bin/sh\n/bin/cat {folder}/image\n")
    found = await clipboard_image()
    assert (found.name, found.data) == ("clipboard.png", png())
    desktop(variable="WAYLAND_DISPLAY", wl_paste=f"/bin/cat {folder}/image")
    assert (await clipboard_image()).data == png()
    desktop("darwin", osascript=f"printf '\\302\\253data PNGf{png().hex().upper()}\\302\\273\\n'")
    assert (await clipboard_image()).data == png()


@pytest.mark.parametrize(
    ("platform", "variable", "words"),
    [
        ("linux", "DISPLAY", "install the package xclip"),
        ("linux", "WAYLAND_DISPLAY", "of the package wl-clipboard"),
        ("linux", "", "no desktop here"),
        ("win32", "", "on Linux and macOS"),
    ],
)
async def test_where_no_program_is_there_a_sentence_says_which(desktop, platform, variable, words):
    desktop(platform, variable)
    with pytest.raises(ValueError, match=words):
        await clipboard_image()


async def test_what_is_no_image_is_said(desktop):
    desktop(xclip="echo 'Error: target image/png not available' >&2; exit 1")
    with pytest.raises(ValueError, match="holds no image"):
        await clipboard_image()
    desktop(xclip="echo hello")
    with pytest.raises(ValueError, match="The copied image is no image in PNG"):
        await clipboard_image()
