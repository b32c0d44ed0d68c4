"""The image in the clipboard, read by programs that stand in for the platforms' own."""

import sys

import pytest

from groqchat.services.images.clipboard import clipboard_image
from tests.images import png

NEWLINE = r"\n"


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


def holding(kinds, content):
    """A program that prints the types in the clipboard, or else what it holds."""
    return (
        f"case \"$*\" in *TARGETS|*--list-types) printf '{kinds}';; "
        f"*{kinds.split(NEWLINE)[-1]}) {content};; *) exit 9;; esac"
    )


async def test_each_desktop_has_its_program(desktop):
    folder = desktop(wl_paste="exit 9")
    desktop(xclip=holding(r"TARGETS\nimage/png", f"/bin/cat {folder}/image"))
    found = await clipboard_image()
    assert (found.name, found.data) == ("clipboard.png", png())
    program = holding("image/png", f"/bin/cat {folder}/image")
    desktop(variable="WAYLAND_DISPLAY", wl_paste=program)
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


async def test_the_type_that_is_there_is_asked_for(desktop):
    folder = desktop()
    desktop(xclip=holding(r"text/html\nimage/jpeg", f"/bin/cat {folder}/image"))
    assert (await clipboard_image()).data == png()


@pytest.mark.parametrize("uri", ["file://{}/image", "file://localhost{}/image"])
async def test_a_file_that_was_copied_is_the_image(desktop, uri):
    folder = desktop()
    address = uri.format(folder)
    desktop(xclip=holding("text/uri-list", f"printf '{address}\\r\\nfile:///other\\r\\n'"))
    found = await clipboard_image()
    assert (found.name, found.data) == ("image", png())
    (folder / "image").write_bytes(png()[:-9])
    with pytest.raises(ValueError, match=r"^The copied file image is not complete: its end is"):
        await clipboard_image()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("echo 'Error: target TARGETS not available' >&2; exit 1", "holds no image"),
        (holding(r"TARGETS\nUTF8_STRING", "echo hello"), "holds no image"),
        (holding("text/uri-list", "echo file:///etc/passwd"), "holds no image"),
        (holding("text/uri-list", "echo https://example.org/a.png"), "holds no image"),
        (holding("image/png", "true"), "holds no image"),
        (holding("image/png", "echo hello"), "The copied image is no image in PNG"),
    ],
)
async def test_what_is_no_image_is_said(desktop, program, words):
    desktop(xclip=program)
    with pytest.raises(ValueError, match=words):
        await clipboard_image()
