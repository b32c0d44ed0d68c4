"""The image in the clipboard, by the programs that platforms have for it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from groqchat.domain.images.limits import MOST_BYTES_READ
from groqchat.domain.text.humanize import size
from groqchat.services import programs
from groqchat.services.images.loading import image_of, is_image_file, read_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from groqchat.domain.images.image import Image

_LIMIT_S = 5.0
_NAME = "clipboard.png"
# An owner of X11's clipboard may answer with its text whatever is asked for: what there is comes
# first (tried with xclip 0.13 and wl-clipboard 2.1.0).
_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff")
_FILES = "text/uri-list"
_WAYLAND_TYPES = ("wl-paste", "--list-types")
_WAYLAND: tuple[str, ...] = ("wl-paste", "--no-newline", "--type")
_X11 = ("xclip", "-selection", "clipboard", "-out", "-target")
_X11_TYPES = (*_X11, "TARGETS")
_MACOS = ("pngpaste", "-")
# Every Mac has it; it prints the bytes in hexadecimal digits, as «data PNGf8950…».
_SCRIPT = ("osascript", "-e", "get the clipboard as «class PNGf»")
_HEXADECIMAL = re.compile(rb"\xc2\xabdata PNGf([0-9A-Fa-f]+)\xc2\xbb\s*")
_NOTHING = "The clipboard holds no image. Copy one, or name a file: @picture.png."
_ELSEWHERE = "Images are taken from the clipboard on Linux and macOS; name a file: @picture.png."


class _Reader(NamedTuple):
    """A program that prints what is in the clipboard, in the type that is named last.

    ``types`` prints the types that there are, one a line; without it there is but one.
    """

    words: tuple[str, ...]
    types: tuple[str, ...] = ()


async def clipboard_image() -> Image:
    """The image in the clipboard, or in the file that was copied.

    Raises:
        ValueError: There is none, or no program reads it; the message is for the user.
    """
    reader = next(_readers(os.environ), None)
    if reader is None:
        raise ValueError(_advice(os.environ))
    kind = await _kind(reader)
    data = _bytes(await _printed((*reader.words, *([kind] if kind else []))))
    if kind == _FILES:
        return await asyncio.to_thread(_image_of_file, data)
    if not data:
        raise ValueError(_NOTHING)
    try:
        return await asyncio.to_thread(image_of, _NAME, data)
    except ValueError as mistake:
        raise ValueError(f"The copied image {mistake}.") from None


async def _kind(reader: _Reader) -> str:
    """The type to ask for; empty where there is but one."""
    if not reader.types:
        return ""
    there = (await _printed(reader.types)).decode(errors="replace").split()
    kind = next((each for each in (*_TYPES, _FILES) if each in there), None)
    if kind is None:
        raise ValueError(_NOTHING)
    return kind


async def _printed(words: tuple[str, ...]) -> bytes:
    try:
        ended = await programs.run(words, limit_s=_LIMIT_S, longest=2 * MOST_BYTES_READ)
    except TimeoutError:
        raise ValueError(f"{words[0]} gave no image within {_LIMIT_S:g} s; try again.") from None
    except programs.TooLongError:
        raise ValueError(f"The copied image is larger than {size(MOST_BYTES_READ)}.") from None
    except OSError as error:
        raise ValueError(f"{words[0]} cannot be started: {error.strerror}.") from None
    if ended.code:
        raise ValueError(_NOTHING)
    return ended.stdout


def _image_of_file(uris: bytes) -> Image:
    """The image in the first of the files that were copied."""
    first = urlsplit(next(iter(uris.decode(errors="replace").split()), ""))
    path = Path(unquote(first.path))
    if first.scheme != "file" or not is_image_file(path):
        raise ValueError(_NOTHING)
    try:
        return read_image(path)
    except OSError as error:
        raise ValueError(f"The copied file {path.name} cannot be read: {error.strerror}.") from None
    except ValueError as mistake:
        raise ValueError(f"The copied file {path.name} {mistake}.") from None


def _bytes(printed: bytes) -> bytes:
    found = _HEXADECIMAL.fullmatch(printed)
    return bytes.fromhex(found[1].decode()) if found and len(found[1]) % 2 == 0 else printed


def _readers(environment: Mapping[str, str]) -> Iterator[_Reader]:
    """The programs that are there for this platform, the best first."""
    is_mac = sys.platform == "darwin"
    for is_meant, reader in (
        (is_mac, _Reader(_MACOS)),
        (is_mac, _Reader(_SCRIPT)),
        (not is_mac and environment.get("WAYLAND_DISPLAY"), _Reader(_WAYLAND, _WAYLAND_TYPES)),
        (not is_mac and environment.get("DISPLAY"), _Reader(_X11, _X11_TYPES)),
    ):
        if is_meant and shutil.which(reader.words[0]):
            yield reader


def _advice(environment: Mapping[str, str]) -> str:
    """The remedy where no program reads the clipboard."""
    if sys.platform in {"win32", "darwin"}:
        return _ELSEWHERE
    if environment.get("WAYLAND_DISPLAY"):
        return "wl-paste, of the package wl-clipboard, reads images from the clipboard: install it."
    if environment.get("DISPLAY"):
        return "xclip reads images from the clipboard: install the package xclip."
    return "There is no desktop here whose clipboard could be read; name a file: @picture.png."
