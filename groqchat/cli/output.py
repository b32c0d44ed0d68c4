"""What commands print: data on stdout, narration on stderr, neither able to drive a terminal."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

from groqchat.domain.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence

BOLD, DIM, RED, YELLOW, GREEN = "1", "2", "31", "33", "32"


def prepare_streams() -> None:
    """No text may fail for want of an encoding; lines of narration appear at once."""
    for stream in (sys.stdout, sys.stderr):
        # Tests and embedding programs put other objects in their place.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def write(text: str) -> None:
    """Print a piece of data as it comes; a pipe gets it exactly, a terminal made harmless."""
    sys.stdout.write(sanitize(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()


def say(text: str = "", style: str = "") -> None:
    """Print a line of data."""
    shown = sanitize(text) if sys.stdout.isatty() else text
    sys.stdout.write(f"{_styled(shown, style, sys.stdout)}\n")


def narrate(text: str, style: str = "") -> None:
    """Print a line about what is going on."""
    print(_styled(sanitize(text), style, sys.stderr), file=sys.stderr, flush=True)


def print_json(document: object) -> None:
    """Print one JSON document."""
    import json

    say(json.dumps(document, ensure_ascii=False, indent=2))


def rounded(seconds: float | None) -> float | None:
    """A time as JSON shows it: to the millisecond."""
    return None if seconds is None else round(seconds, 3)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print aligned columns; those whose head ends in ``>`` are numbers and stand right."""
    names = [name.rstrip(">") for name in head]
    clean = [[" ".join(sanitize(cell).split()) for cell in row] for row in rows]
    widths = [max(map(_cells, column)) for column in zip(names, *clean, strict=True)]
    for number, row in enumerate([names, *clean]):
        gaps = (" " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True))
        placed = (
            gap + cell if name.endswith(">") else cell + gap
            for cell, gap, name in zip(row, gaps, head, strict=True)
        )
        say("  ".join(placed).rstrip(), "" if number else BOLD)


def _cells(text: str) -> int:
    """How many columns a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def _styled(text: str, style: str, stream: TextIO) -> str:
    """The text in a colour or weight, where there is a terminal that wants it."""
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    if not style or plain or not stream.isatty():
        return text
    return f"\x1b[{style}m{text}\x1b[0m"
