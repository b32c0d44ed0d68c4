"""The entries of a transcript in order, most of which nobody ever looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from groqchat.ui.transcript.entries import Entry, Stubs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class EntryIndex(Sequence[Entry]):
    """Entries and their names; a stub is made when it is looked at, and not kept.

    Args:
        entries: From the first one on.
    """

    def __init__(self, entries: Iterable[Entry] | Stubs = ()) -> None:
        self._stubs = entries if isinstance(entries, Stubs) else Stubs()
        self._entries: dict[int, Entry] = {}  # the others are stubs
        self.ids = [*self._stubs.ids]
        self.lengths = [*self._stubs.lengths]
        """About how many characters there are of each; see `Entry.length`."""
        self._places = dict(zip(self.ids, range(len(self.ids)), strict=True))
        if not isinstance(entries, Stubs):
            for entry in entries:
                self.append(entry)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | Sequence[Entry]:
        places = range(len(self.ids))[index]
        return self._entry(places) if isinstance(places, int) else [*map(self._entry, places)]

    def __setitem__(self, index: int, entry: Entry) -> None:
        """Put another entry of the same name in the place of one."""
        self._entries[index] = entry
        self.lengths[index] = entry.length

    def holds(self, entry_id: object) -> bool:
        """Whether there is an entry of a name."""
        return entry_id in self._places

    def place(self, entry_id: str) -> int:
        """The place of the entry of a name; KeyError if there is none."""
        return self._places[entry_id]

    def append(self, entry: Entry) -> None:
        """Put an entry below all others."""
        index = len(self.ids)
        self.ids.append(entry.id)
        self.lengths.append(entry.length)
        self._places[entry.id] = index
        self._entries[index] = entry

    def cut(self, index: int) -> None:
        """Drop an entry and all below it."""
        for entry_id in self.ids[index:]:
            del self._places[entry_id]
        for place in [place for place in self._entries if place >= index]:
            del self._entries[place]
        del self.ids[index:], self.lengths[index:]

    def forget(self, index: int) -> None:
        """Unload an entry that began as a stub; others are kept."""
        if index < len(self._stubs.ids) and self._stubs.ids[index] == self.ids[index]:
            self._entries.pop(index, None)
            self.lengths[index] = self._stubs.lengths[index]

    def loaded(self) -> Iterator[tuple[int, Entry]]:
        """The entries whose text is known, each with its place."""
        return ((place, entry) for place, entry in sorted(self._entries.items()) if entry.text)

    def _entry(self, index: int) -> Entry:
        return self._entries.get(index) or self._stubs.make(index)
