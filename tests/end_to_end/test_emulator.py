"""The terminal of the tests shows what pyte shows, however the bytes come."""

import random

import pyte
import pytest

from tests.end_to_end.emulator import Screen, Stream

# Letters of all widths, ends of lines, looks, places, and what is rare or broken.
PIECES = (
    "a", "word ", "  ", "─│╭", "日本", "e\u0301", "\u200b", "🙂", "\t", "\r\n", "\n", "\b",
    "long " * 9, "\x1b[m", "\x1b[0m", "\x1b[1;31m", "\x1b[38;2;10;20;30m", "\x1b[48;5;17;7m",
    "\x1b[;4m", "\x1b[H", "\x1b[3;5H", "\x1b[99999;2H", "\x1b[2J", "\x1b[K", "\x1b[1L", "\x1b[2P",
    "\x1b[4h", "\x1b[4l", "\x1b[?7l", "\x1b[?7h", "\x1b[?5h", "\x1b[?5l", "\x1b[?25l",
    "\x1b[?2026$p", "\x1b[>1u", "\x1b]0;\x1b[1mtitle\x07", "\x1b(0", "\x1b(B", "\x0e", "\x0f",
    "\x1b7", "\x1b8", "\x1bM", "\x1b[2;4r", "\x1b[", "\x1b", "\x1b[3", "\xff",
)  # fmt: skip


def cells(screen):
    return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


@pytest.mark.parametrize("seed", range(20))
def test_it_shows_what_pyte_shows(seed):
    dice = random.Random(seed)
    data = "".join(dice.choices(PIECES, k=300)).encode()
    ours, theirs = Screen(20, 6), pyte.Screen(20, 6)
    stream, plain = Stream(ours), pyte.ByteStream(theirs)
    while data:
        size = dice.choice([1, 7, 60])
        stream.feed(data[:size])
        plain.feed(data[:size])
        data = data[size:]
        assert cells(ours) == cells(theirs)
        assert (ours.cursor.x, ours.cursor.y) == (theirs.cursor.x, theirs.cursor.y)
        assert (ours.cursor.attrs, ours.title) == (theirs.cursor.attrs, theirs.title)
