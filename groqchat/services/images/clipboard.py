"""The image in the clipboard, by the programs that platforms have for it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

from groqchat.domain.images.limits import MOST_BYTES_READ
from groqchat.domain.text.humanize import size
from groqchat.services import programs
from groqchat.services.images.loading import image_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from groqchat.domain.images.image import Image

_LIMIT_S = 5.0
_NAME = "clipboard.png"
_WAYLAND: tuple[str, ...] = ("wl-paste", "--no-newline", "--type", "image/png")
_X11 = ("xclip", "-selection", "clipboard", "-target", "image/png", "-out")
_MACOS = ("pngpaste", "-")
# Every Mac has it; it prints the bytes in hexadecimal digits, as «data PNGf8950…».
_SCRIPT = ("osascript", "-e", "get the clipboard as «class PNGf»")
_HEXADECIMAL = re.compile(rb"\xc2\xabdata PNGf([0-9A-Fa-f]+)\xc2\xbb\s*")
_NOTHING = "The clipboard holds no image. Copy one, or name a file: @picture.png."
_ELSEWHERE = "Images are taken from the clipboard on Linux and macOS; name a file: @picture.png."


async def clipboard_image() -> Image:
    """The image in the clipboard.

    Raises:
        ValueError: There is none, or no program reads it; the message is for the user.
    """
    words = next(_programs(os.environ), None)
    if words is None:
        raise ValueError(_advice(os.environ))
    try:
        most = 2 * MOST_BYTES_READ
        ended = await programs.run(words, limit_s=_LIMIT_S, longest=most)
    except TimeoutError:
        raise ValueError(f"{words[0]} gave no image within {_LIMIT_S:g} s; try again.") from None
    except programs.TooLongError:
        raise ValueError(f"The copied image is larger than {size(MOST_BYTES_READ)}.") from None
    except OSError as error:
        raise ValueError(f"{words[0]} cannot be started: {error.strerror}.") from None
    data = _bytes(ended.stdout)
    if ended.code or not data:
        raise ValueError(_NOTHING)
    try:
        return await asyncio.to_thread(image_of, _NAME, data)
    except ValueError as mistake:
        raise ValueError(f"The copied image {mistake}.") from None


def _bytes(printed: bytes) -> bytes:
    found = _HEXADECIMAL.fullmatch(printed)
    return bytes.fromhex(found[1].decode()) if found and len(found[1]) % 2 == 0 else printed


def _programs(environment: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The programs that are there for this platform, the best first."""
    is_mac = sys.platform == "darwin"
    for is_meant, words in (
        (is_mac, _MACOS),
        (is_mac, _SCRIPT),
        (not is_mac and environment.get("WAYLAND_DISPLAY"), _WAYLAND),
        (not is_mac and environment.get("DISPLAY"), _X11),
    ):
        if is_meant and shutil.which(words[0]):
            yield words


def _advice(environment: Mapping[str, str]) -> str:
    """The remedy where no program reads the clipboard."""
    if sys.platform in {"win32", "darwin"}:
        return _ELSEWHERE
    if environment.get("WAYLAND_DISPLAY"):
        return "wl-paste, of the package wl-clipboard, reads images from the clipboard: install it."
    if environment.get("DISPLAY"):
        return "xclip reads images from the clipboard: install the package xclip."
    return "There is no desktop here whose clipboard could be read; name a file: @picture.png."
