"""Images for tests, made of as few bytes as there can be."""

import struct
import zlib

from groqchat.domain.images.header import header_of
from groqchat.domain.images.image import Image


def png(width=4, height=3, colour=0):
    """A whole PNG in one grey."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([colour]) * width) * height
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def image(name="a.png", colour=0):
    """An image of its own colour."""
    data = png(colour=colour)
    return Image.of(name, *header_of(data), data)
