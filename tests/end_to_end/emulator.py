"""pyte's terminal, with less work: a sequence is read as a whole, and cells that are alike are one.

To read letter by letter, and to make a cell for each, was half of what tests at a terminal cost.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pyte
from pyte import charsets, modes
from wcwidth import wcwidth

# Where text is to stand and how it looks: nearly all that a program at a terminal sends.
_USUAL = re.compile(r"\x1b\[([\d;]*)([Hm])")
_LARGEST = 9_999


class Screen(pyte.Screen):
    """The cells of a terminal; those that look alike are one."""

    def __init__(self, columns, lines):
        self._cells, self._looks = {}, {}
        super().__init__(columns, lines)

    def draw(self, data):
        """Draw letters; only usual ones, in one line, are drawn otherwise than by pyte."""
        cursor = self.cursor
        end = cursor.x + len(data)
        if end > self.columns or not self._is_usual(data):
            super().draw(data)
            return
        look = cursor.attrs
        if look not in self._cells:
            self._cells[look] = _Cells(look)
        cells = map(self._cells[look].__getitem__, data)
        self.buffer[cursor.y].update(zip(range(cursor.x, end), cells, strict=True))
        self.dirty.add(cursor.y)
        cursor.x = end

    def _is_usual(self, data):
        plain = not self.charset and self.g0_charset is charsets.LAT1_MAP
        return plain and modes.IRM not in self.mode and all(map(_is_one_wide, data))

    def select_graphic_rendition(self, *attrs):
        """Change how letters look from now on, as it was found before."""
        key = self.cursor.attrs, attrs
        if modes.DECSCNM in self.mode:
            super().select_graphic_rendition(*attrs)
        elif key in self._looks:
            self.cursor.attrs = self._looks[key]
        else:
            super().select_graphic_rendition(*attrs)
            self._looks[key] = self.cursor.attrs


class _Cells(dict):
    """The cells of one look, by their letters."""

    def __init__(self, look):
        super().__init__()
        self._look = look

    def __missing__(self, letter):
        self[letter] = cell = self._look._replace(data=letter)
        return cell


class _Sequences(pyte.Stream):
    """Reads usual sequences as a whole, and leaves all else to pyte."""

    def feed(self, data):
        start = 0
        for found in _USUAL.finditer(data):
            if start < found.start():
                super().feed(data[start : found.start()])
            if self._taking_plain_text:
                numbers, name = found.groups()
                screen = self.listener
                act = screen.cursor_position if name == "H" else screen.select_graphic_rendition
                act(*_numbers(numbers))
            else:  # it is a part of another one
                super().feed(found[0])
            start = found.end()
        if start < len(data):
            super().feed(data[start:])


class Stream(pyte.ByteStream, _Sequences):
    """What a program writes, for a screen."""


@lru_cache(maxsize=100_000)
def _is_one_wide(letter):
    return wcwidth(letter) == 1


@lru_cache(maxsize=10_000)
def _numbers(text):
    return tuple(min(int(each or 0), _LARGEST) for each in text.split(";"))
