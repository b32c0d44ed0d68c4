"""Whether the file of an image is whole, told by its parts up to the last one.

Some programs write more behind the end, and images may hold smaller ones with ends of their own.
"""

from __future__ import annotations

import re
import struct

# In the data of a scan, ``ff`` stands before a zero, or before one of the marks for a new start.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_END_OF_JPEG, _SCAN = 0xD9, 0xDA


def is_cut_off(data: bytes) -> bool:
    """Whether a PNG, JPEG, GIF or WebP ends before its last part does."""
    try:
        if data.startswith(b"\x89PNG"):
            return not _is_whole_png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return not _is_whole_jpeg(data)
        if data.startswith(b"GIF8"):
            return not _is_whole_gif(data)
    except (struct.error, IndexError):
        return True
    is_webp = data.startswith(b"RIFF")
    return is_webp and len(data) < 8 + int.from_bytes(data[4:8], "little")


def _is_whole_png(data: bytes) -> bool:
    at = 8
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        at += 12 + length
    return at <= len(data)


def _is_whole_jpeg(data: bytes) -> bool:
    at = 2
    while (found := _NEXT_MARKER.search(data, at)) is not None:
        marker = data[found.start() + 1]
        if marker == _END_OF_JPEG:
            return True
        at = found.start() + 2
        if marker != _SCAN:  # the data of a scan begins behind its header, which has no markers
            at += struct.unpack(">H", data[at : at + 2])[0]
    return False


def _is_whole_gif(data: bytes) -> bool:
    """Whether a GIF has its last byte, or a whole picture without it, as some programs write."""
    at, pictures = 13 + _table(data[10]), 0
    while at < len(data):
        match data[at]:
            case 0x3B:  # the last byte
                return True
            case 0x21:  # an extension
                at = _behind_blocks(data, at + 2)
            case 0x2C:  # a picture
                at = _behind_blocks(data, at + 11 + _table(data[at + 9]))
                pictures += 1
            case _:
                return pictures > 0
    return pictures > 0 and at == len(data)


def _table(flags: int) -> int:
    """The bytes of a table of colours."""
    return 3 * 2 ** (1 + (flags & 7)) if flags & 0x80 else 0


def _behind_blocks(data: bytes, at: int) -> int:
    """The place behind a list of blocks, each with its length before it, and an empty one last."""
    while (length := data[at]) > 0:
        at += 1 + length
    return at + 1
