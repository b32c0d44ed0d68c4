"""The format and the size of an image, read from the first bytes of its file."""

from __future__ import annotations

import struct
from typing import NamedTuple

# Where a JPEG tells its size: markers of frames, all but those of tables between them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


class Header(NamedTuple):
    """The media type of an image, and its width and height in pixels."""

    media_type: str
    width: int
    height: int


def header_of(data: bytes) -> Header | None:
    """The header of a PNG, JPEG, GIF or WebP file; None: it is none, or broken.

    These are the formats that chat servers take; a file's name says nothing here.
    """
    try:
        found = _header_of(data)
    except (struct.error, IndexError):
        return None
    return found if found and found.width and found.height else None


def _header_of(data: bytes) -> Header | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return Header("image/png", *struct.unpack(">II", data[16:24]))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Header("image/gif", *struct.unpack("<HH", data[6:10]))
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data)
    return _jpeg(data) if data.startswith(b"\xff\xd8\xff") else None


def _webp(data: bytes) -> Header | None:
    match data[12:16]:
        case b"VP8X":
            width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = (each & 0x3FFF for each in struct.unpack("<HH", data[26:30]))
        case _:
            return None
    return Header("image/webp", width, height)


def _jpeg(data: bytes) -> Header | None:
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif marker in _ALONE:
            at += 2
        elif marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Header("image/jpeg", width, height)
        else:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None
