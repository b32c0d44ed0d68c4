"""The virtual list of a transcript: only entries near the viewport are laid out."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, NamedTuple

from groqchat.ui.markdown.heights import Heights
from groqchat.ui.transcript.entry_index import EntryIndex
from groqchat.ui.transcript.entry_layout import NOTHING, EntryLayout, Place, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from groqchat.ui.transcript.entries import Entry, Stubs

BLANK = Row(NOTHING)

_SHEETS = 48
"""Entries that are kept laid out, at least."""


class Spot(NamedTuple):
    """A row by what it shows; outlives changes of width and of what is above."""

    entry_id: str
    place: Place


class Shown(NamedTuple):
    """A row of the list: the number of its entry (of none, below the last), and its row there."""

    number: int
    at: int
    row: Row


class VirtualList:
    """The entries of a transcript as one long list of rows.

    Only entries near the viewport are laid out. The heights of all others are guesses; `settle`
    makes them true near the viewport.

    Args:
        width: Cells a row may take.
    """

    def __init__(self, width: int = 80) -> None:
        self.width = width
        self.wanted: list[str] = []
        """Ids of stubs that were looked at since somebody emptied this list."""
        self.incomplete: list[str] = []
        """Ids of entries that came into sight, and of which something is still to come."""
        self.pinned: set[str] = set()
        """Ids of entries that are to stay laid out: those that grow."""
        self.entries = EntryIndex()
        """All entries, in order."""
        self._heights = Heights()
        self._layouts: OrderedDict[str, EntryLayout] = OrderedDict()

    @property
    def height(self) -> int:
        """The number of rows, as far as known."""
        return self._heights.total

    def __contains__(self, entry_id: object) -> bool:
        return self.entries.holds(entry_id)

    def entry(self, entry_id: str) -> Entry:
        """The entry of a name; KeyError if there is none."""
        return self.entries[self.entries.place(entry_id)]

    def index(self, entry_id: str) -> int:
        """The index of the entry of a name; KeyError if there is none."""
        return self.entries.place(entry_id)

    def fill(self, entries: Iterable[Entry] | Stubs) -> None:
        """Show these entries and no others."""
        self.entries = EntryIndex(entries)
        self._measure()

    def surround(self, stubs: Stubs) -> None:
        """Show these around what is shown; what is not among them stays below them."""
        shown, self.entries = self.entries, EntryIndex(stubs)
        for entry in shown:
            if entry.id not in self:
                self.entries.append(entry)
                continue
            whole = replace(entry, version=self.entry(entry.id).version)
            self.entries[self.index(entry.id)] = whole
            if layout := self._layouts.get(entry.id):
                layout.update(whole)
        self._measure()

    def add(self, entry: Entry) -> None:
        """Put an entry below all others."""
        self.entries.append(entry)
        self._heights.append(*_guesses([entry.length], self.width))

    def cut(self, index: int) -> None:
        """Drop an entry and all below it."""
        for entry_id in self.entries.ids[index:]:
            self._layouts.pop(entry_id, None)
            self._heights.pop()
        self.entries.cut(index)

    def replace(self, entry: Entry, *, is_laid_out: bool = False) -> None:
        """Show another entry in place of the one with the same name.

        Args:
            entry: The new one.
            is_laid_out: Whether its text came by `append` and needs no layout.
        """
        index = self.index(entry.id)
        before, self.entries[index] = self.entries[index], entry
        if entry.is_incomplete:
            self.incomplete.append(entry.id)
        layout = self._layouts.get(entry.id)
        is_same = (before.text, before.reasoning) == (entry.text, entry.reasoning)
        if layout and (is_same or is_laid_out):
            layout.update(entry)
        else:
            self._layouts.pop(entry.id, None)
            layout = None
        guessed = _guesses([entry.length], self.width)
        self._heights[index] = layout.height if layout else guessed[0]

    def supply(self, entry: Entry) -> None:
        """Give a stub its text; it may be dropped again once it is out of sight for long."""
        if entry.id in self and self.entry(entry.id).is_stub:
            self.replace(entry)

    def append(self, entry_id: str, text: str, reasoning: str = "") -> None:
        """Lay out more of an entry; `entries` keep what they were told until `replace`."""
        index = self.index(entry_id)
        layout = self.layout(index)
        if text:
            layout.append(text)
        if reasoning:
            layout.append_reasoning(reasoning)
        self._heights[index] = layout.height

    def resize(self, width: int) -> None:
        """Lay out at another width, as far as looked at."""
        self.width = width
        for layout in self._layouts.values():
            layout.resize(width)
        self._measure()

    def lay_again(self) -> None:
        """Lay out all anew, as far as looked at."""
        for layout in self._layouts.values():
            layout.lay_again()
        self._measure()

    def settle(self, top: int, bottom: int, anchor: int) -> int:
        """Lay out all rows between two; see `Document.settle`."""
        moved = 0
        first = index = self._heights.find(top)
        while 0 <= index < len(self.entries):
            start = self._heights.top(index)
            if start >= bottom + moved:
                break
            moved += self._settle(index, top + moved, bottom + moved, anchor + moved)
            index += 1
        self._forget(max(_SHEETS, index - first))
        return moved

    def _settle(self, index: int, top: int, bottom: int, anchor: int) -> int:
        """Lay out one entry where it is between two rows; by how much `anchor` moved down."""
        start, before = self._heights.top(index), self._heights[index]
        is_new = self.entries.ids[index] not in self._layouts
        layout = self.layout(index)
        moved = layout.settle(top - start, bottom - start, anchor - start)
        self._heights[index] = layout.height
        if start + before <= anchor:
            return layout.height - before
        return 0 if is_new else moved

    def at(self, row: int) -> tuple[int, int] | None:
        """The index of the entry that a row belongs to, and the row within; None outside."""
        if not 0 <= row < self.height:
            return None
        index = self._heights.find(row)
        return index, row - self._heights.top(index)

    def top(self, index: int) -> int:
        """The first row of an entry."""
        return self._heights.top(index)

    def rows(self, top: int, bottom: int) -> Iterator[Shown]:
        """The rows between two; empty ones outside of all and where `settle` was not asked."""
        row = top
        while row < bottom:
            if not 0 <= row < self.height:
                yield Shown(len(self.entries), row - self.height, BLANK)
                row += 1
                continue
            index = self._heights.find(row)
            start = self._heights.top(index)
            end = min(bottom, start + self._heights[index])
            layout = self._layouts.get(self.entries.ids[index])
            known = layout.rows(row - start, end - start) if layout else ()
            rows = islice(chain(known, repeat(BLANK)), end - row)
            for at, shown in enumerate(rows, row - start):
                yield Shown(index, at, shown)
            row = end

    def all_rows(self, index: int) -> list[Row]:
        """Every row of an entry, all of them laid out for it; what is below may move."""
        layout = self.layout(index)
        layout.settle(0, layout.height)
        self._heights[index] = layout.height
        return list(layout.rows(0, layout.height))

    def locate(self, row: int) -> Spot | None:
        """The spot of a row, for `row_of`."""
        if (found := self.at(row)) is None:
            return None
        index, within = found
        return Spot(self.entries.ids[index], self.layout(index).locate(within))

    def row_of(self, spot: Spot) -> int:
        """The row of a spot; the first row if its entry is gone."""
        if spot.entry_id not in self:
            return 0
        index = self.index(spot.entry_id)
        layout = self.layout(index)
        row = layout.row_of(spot.place)
        self._heights[index] = layout.height
        return self._heights.top(index) + row

    def layout(self, index: int) -> EntryLayout:
        """The layout of an entry, made if there is none."""
        entry_id = self.entries.ids[index]
        layout = self._layouts.get(entry_id)
        if layout is None:
            entry = self.entries[index]
            layout = self._layouts[entry_id] = EntryLayout(entry, self.width)
            if entry.is_stub:
                self.wanted.append(entry_id)
            if entry.is_incomplete:
                self.incomplete.append(entry_id)
        self._layouts.move_to_end(entry_id)
        return layout

    def _forget(self, kept: int) -> None:
        """Drop the layouts not looked at for longest, and texts that can be asked for again."""
        for entry_id in list(self._layouts)[: max(0, len(self._layouts) - kept)]:
            if entry_id not in self.pinned:
                del self._layouts[entry_id]
                self.entries.forget(self.index(entry_id))

    def _measure(self) -> None:
        """Keep the layouts of entries that did not change, and guess the heights of all else."""
        kept = (
            (key, layout)
            for key, layout in self._layouts.items()
            if key in self and self.entry(key) == layout.entry
        )
        self._layouts = OrderedDict(kept)
        heights = _guesses(self.entries.lengths, self.width)
        for entry_id, layout in self._layouts.items():
            heights[self.index(entry_id)] = layout.height
        self._heights = Heights(heights)


def _guesses(lengths: Iterable[int], width: int) -> list[int]:
    """About how many rows entries of so many characters will take, at a width in cells."""
    cells = max(8, width * 2 // 3)
    return [4 + length // cells for length in lengths]
