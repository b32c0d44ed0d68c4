"""Images in real pixels, by the graphics protocol of kitty.

Which terminals have it is known by their names. To ask for it would be to read the answer, which
Textual's reader gets, as keys that were typed. So the library textual-image cannot be used: it asks
while it is imported (`findings/textual_image_query.sh`), and writes beside Textual's writer, in the
middle of a frame.
Source: https://sw.kovidgoyal.net/kitty/graphics-protocol/ (2026-11).
"""

from __future__ import annotations

import base64
import struct
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES = frozenset({"xterm-kitty", "xterm-ghostty"})
_PROGRAMS = frozenset({"ghostty", "WezTerm"})
# What passes nothing on that it does not know.
_BETWEEN = ("tmux", "screen", "dumb", "linux")
_CHUNK = 4096
# Most terminals' cells are about twice as high as wide.
_USUAL_CELL = (10, 20)


def can_show(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is known to show images in pixels."""
    term = environ.get("TERM", "")
    if term.startswith(_BETWEEN) or environ.get("TMUX") or environ.get("STY"):
        return False
    return term in _NAMES or environ.get("TERM_PROGRAM") in _PROGRAMS


class Box(NamedTuple):
    """Cells of the screen: those of its left upper corner from 0, and how many it has."""

    x: int
    y: int
    columns: int
    rows: int


def box_of(width: int, height: int, room: Box, cell: tuple[int, int]) -> Box:
    """The cells of an image in the middle of a room, as many as keep its shape.

    Args:
        width: Its pixels.
        height: Its pixels.
        room: Where it may stand.
        cell: The pixels of a cell, across and down.
    """
    across, down = width / cell[0], height / cell[1]
    scale = min(room.columns / across, room.rows / down, 1.0)
    columns = min(room.columns, max(1, round(across * scale)))
    rows = min(room.rows, max(1, round(down * scale)))
    return Box(
        room.x + (room.columns - columns) // 2, room.y + (room.rows - rows) // 2, columns, rows
    )


def cell_size() -> tuple[int, int]:
    """The pixels of a cell as the terminal's driver in the kernel knows them, or usual ones."""
    try:
        import fcntl
        import termios

        stream = sys.__stderr__
        if stream is None:
            return _USUAL_CELL
        told = fcntl.ioctl(stream.fileno(), termios.TIOCGWINSZ, bytes(8))
        rows, columns, width, height = struct.unpack("HHHH", told)
    except (ImportError, OSError, ValueError):
        return _USUAL_CELL
    is_known = rows and columns and width >= columns and height >= rows
    return (width // columns, height // rows) if is_known else _USUAL_CELL


def shown(number: int, png: bytes, box: Box) -> str:
    """What shows an image over the cells of a box; the terminal answers nothing.

    Args:
        number: The image's number, from 1 up to 2 ** 32 - 1.
        png: Its bytes.
        box: Where it stands.
    """
    place = f"\x1b7\x1b[{box.y + 1};{box.x + 1}H"
    put = _command(f"a=p,i={number},c={box.columns},r={box.rows},C=1,q=2")
    return "".join([*_sent(number, png), place, put, "\x1b8"])


def removed(number: int) -> str:
    """What takes an image away, and out of the terminal's memory."""
    return _command(f"a=d,d=I,i={number},q=2")


def _sent(number: int, png: bytes) -> Iterator[str]:
    encoded = base64.b64encode(png).decode()
    chunks = [encoded[at : at + _CHUNK] for at in range(0, len(encoded), _CHUNK)]
    for place, chunk in enumerate(chunks, 1):
        about = f"a=t,f=100,t=d,i={number},q=2," if place == 1 else ""
        yield _command(f"{about}m={int(place < len(chunks))}", chunk)


def _command(about: str, payload: str = "") -> str:
    return f"\x1b_G{about};{payload}\x1b\\"
