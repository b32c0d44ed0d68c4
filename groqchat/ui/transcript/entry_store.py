"""Entries that come, grow, change and go, on a viewport."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from groqchat.ui.terminal.repainting import paint_now
from groqchat.ui.transcript.entries import Changes, Entry, EntryState, Stubs
from groqchat.ui.transcript.frame_pacer import FramePacer
from groqchat.ui.transcript.search import Found, Search
from groqchat.ui.transcript.stream import Growing
from groqchat.ui.transcript.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Unpack

    from textual.geometry import Region
    from textual.strip import Strip

# The thread that writes to the terminal gets so long for the first words of an answer, in seconds.
HAND_OVER_S = 0.0002

# With a hit that is far away come so many entries before and behind it, which it stands among.
_AROUND = 8


class EntryStore(Viewport):
    """A viewport whose entries are told by name."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._growing: dict[str, Growing] = {}
        self.pacer = FramePacer()
        """When text that came is shown; conversations beside each other share one."""

    # Entries

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries; the text of an entry that grows is in `source`."""
        return self.virtual_list.entries

    def holds(self, entry_id: str) -> bool:
        """Whether there is an entry of a name."""
        return entry_id in self.virtual_list

    def entry(self, entry_id: str) -> Entry:
        """The entry of a name; KeyError if there is none."""
        return self.virtual_list.entry(entry_id)

    def show(self, entries: Iterable[Entry] | Stubs) -> None:
        """Show these entries and no others, from their end."""
        self._growing.clear()
        self.virtual_list.pinned.clear()
        self.virtual_list.fill(entries)
        self.follow()

    def surround(self, stubs: Stubs) -> None:
        """Show all of what only the end was shown of; what is read stays where it is."""
        with self.keeping_place():
            self.virtual_list.surround(stubs)

    def add(self, entry: Entry) -> None:
        """Put an entry below all others."""
        with self.keeping_place():
            self.virtual_list.add(entry)
        self.note_news()

    def update(self, entry_id: str, **changes: Unpack[Changes]) -> None:
        """Change fields of an entry, by the names they have in `Entry`.

        Raises:
            KeyError: There is no such entry.
        """
        with self.keeping_place():
            self.virtual_list.replace(replace(self.virtual_list.entry(entry_id), **changes))

    def cut(self, entry_id: str) -> None:
        """Drop an entry and all below it."""
        index = self.virtual_list.index(entry_id)
        for dropped in self.virtual_list.entries.ids[index:]:
            self._growing.pop(dropped, None)
        with self.keeping_place():
            self.virtual_list.cut(index)
        self.refresh()

    def supply(self, entries: Iterable[Entry]) -> None:
        """Give stubs their text: the whole entries, of which those wanted no more are ignored."""
        with self.keeping_place():
            for entry in entries:
                self.virtual_list.supply(entry)

    def source(self, entry_id: str) -> str:
        """The exact text of an entry as it came; empty for a stub. KeyError if there is none."""
        text = self.virtual_list.entry(entry_id).text or ""
        growing = self._growing.get(entry_id)
        return text + growing.whole[0] if growing else text

    def code_blocks(self, entry_id: str) -> list[str]:
        """The code of an entry's code blocks, in the order of their numbers."""
        return [
            block.code
            for block in self.virtual_list.layout(self.virtual_list.index(entry_id)).code_blocks
        ]

    # Streams

    def append(self, entry_id: str, text: str) -> None:
        """Add to the body of an entry; shown with the next frame. KeyError if there is none."""
        self._grow(entry_id).fresh_text.append(text)

    def append_reasoning(self, entry_id: str, text: str) -> None:
        """Add to the reasoning of an entry; shown with the next frame."""
        self._grow(entry_id).fresh_reasoning.append(text)

    def rethink(self, entry_id: str) -> None:
        """Make reasoning of the body that an entry has so far; the entry may go on growing."""
        state = self.virtual_list.entry(entry_id).state
        self.finish(entry_id, state=state)
        entry = self.virtual_list.entry(entry_id)
        self.update(entry_id, text="", reasoning=entry.reasoning + (entry.text or ""))

    def finish(self, entry_id: str, **changes: Unpack[Changes]) -> None:
        """End the growth of an entry; its text is now all that arrived.

        Args:
            entry_id: The entry.
            changes: Fields of the entry that change: its state, unless it is done; its footer.
        """
        entry = self.virtual_list.entry(entry_id)
        growing = self._growing.pop(entry_id, None) or Growing()
        with self.keeping_place():
            while growing.is_fresh:
                self.virtual_list.append(entry_id, *growing.take())
            text, reasoning = growing.whole
            whole = replace(
                entry,
                text=(entry.text or "") + text,
                reasoning=entry.reasoning + reasoning,
                state=EntryState.DONE,
            )
            self.virtual_list.replace(replace(whole, **changes), is_laid_out=True)
            self.virtual_list.pinned.discard(entry_id)

    def _grow(self, entry_id: str) -> Growing:
        growing = self._growing.get(entry_id)
        if growing is None:
            self.virtual_list.index(entry_id)
            growing = self._growing[entry_id] = Growing()
            self.virtual_list.pinned.add(entry_id)
        self._schedule()
        return growing

    def _schedule(self) -> None:
        """See to it that a frame comes; until the widget is mounted, text waits."""
        if self.is_attached:
            self.pacer.want_frame(self)

    def on_mount(self) -> None:
        """Show what came before."""
        if self._growing:
            self._schedule()

    def lay_out_news(self) -> None:
        """Lay out what came since the last frame."""
        with self.keeping_place():
            for entry_id, growing in self._growing.items():
                if growing.is_fresh:
                    self.virtual_list.append(entry_id, *growing.take())
        self.note_news()
        if any(growing.is_fresh for growing in self._growing.values()):
            self._schedule()

    def paint(self) -> None:
        """Paint what was laid out without waiting for the toolkit's own next frame."""
        paint_now(self)
        # The thread that writes to the terminal has it now. It needs the interpreter too, which
        # the rest of the turn would keep from it for many times as long.
        sleep(HAND_OVER_S)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint; what that takes is part of what the frame cost."""
        begin = perf_counter()
        strips = super().render_lines(crop)
        self.pacer.spend(perf_counter() - begin)
        return strips

    # Find

    def find(self, query: str, unread: Mapping[str, int] | None = None) -> list[Found]:
        """Mark what is looked for wherever it stands; tells which entries have it.

        Args:
            query: Words, and phrases in quotes; an empty text marks nothing.
            unread: How often it occurs in entries that may be stubs, by their names.
        """
        self.search = Search(query, unread)
        self.refresh()
        return self.search.found(self.virtual_list)

    def find_next(self, direction: int = 1) -> bool:
        """Scroll to the next hit, or with -1 the one before; False if there is none."""
        with self.keeping_place():  # what is looked through is laid out, and takes other heights
            hit = self.search.step(self.virtual_list, direction)
        if hit is not None:
            self.is_following = False
            self.refit()
            self.show_row(*hit)
            # What came into view was laid out only now, and took other heights than guessed.
            self.show_row(*hit)
        self.refresh()
        return hit is not None

    def wanted_to_find(self, direction: int = 1) -> list[str]:
        """The stubs without whose texts `find_next` cannot go on, and those around them."""
        at = self.search.stub_ahead(self.virtual_list, direction)
        if at is None:
            return []
        around = range(max(0, at - _AROUND), min(len(self.entries), at + _AROUND + 1))
        return [
            self.virtual_list.entries.ids[near]
            for near in around
            if self.virtual_list.entries[near].is_stub
        ]
