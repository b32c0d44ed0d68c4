"""Find text in the entries of a transcript, and go from hit to hit."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, chain
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.text.search_terms import Terms
from groqchat.ui.markdown.lines import Line, mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from groqchat.ui.transcript.virtual_list import VirtualList


class Found(NamedTuple):
    """An entry in which a query occurs, and how often."""

    entry_id: str
    hits: int


class Search:
    """A query, and the hit that was reached.

    Args:
        query: The text to find; empty finds nothing.
        unread: How often it occurs in entries whose text may not be known here, by their names.
    """

    def __init__(self, query: str, unread: Mapping[str, int] | None = None) -> None:
        self.terms = Terms.of(query)
        self._unread = unread or {}
        self._entry_id = ""
        self._row = -1

    def found(self, virtual_list: VirtualList) -> list[Found]:
        """The entries that have the query in them, in order."""
        if not self.terms:
            return []
        counts = {
            virtual_list.index(key): hits
            for key, hits in self._unread.items()
            if key in virtual_list
        }
        for index, entry in virtual_list.entries.loaded():
            counts[index] = len(self.terms.spans(entry.text or ""))
        return [
            Found(virtual_list.entries.ids[at], hits) for at, hits in sorted(counts.items()) if hits
        ]

    def step(self, virtual_list: VirtualList, direction: int) -> tuple[int, int] | None:
        """Go to the next row (or with -1 the last before) with a hit; at the end, around.

        Returns:
            The index of its entry and the row within; None if there is no hit at all.
        """
        hit = self._next(virtual_list, direction)
        if hit is not None:
            self._entry_id, self._row = virtual_list.entries.ids[hit[0]], hit[1]
        return hit

    def stub_ahead(self, virtual_list: VirtualList, direction: int) -> int | None:
        """The index of the entry at or to which a step goes, if its text has to come first."""
        hit = self._next(virtual_list, direction)
        places = [hit[0]] if hit is not None else []
        if self._entry_id in virtual_list:  # it may have been out of sight for long
            places.insert(0, virtual_list.index(self._entry_id))
        return next((place for place in places if virtual_list.entries[place].is_stub), None)

    def _next(self, virtual_list: VirtualList, direction: int) -> tuple[int, int] | None:
        start = (-1, -1) if direction > 0 else (len(virtual_list.entries), 0)
        here = (
            (virtual_list.index(self._entry_id), self._row)
            if self._entry_id in virtual_list
            else start
        )
        hits = chain(
            self._hits(virtual_list, direction, here), self._hits(virtual_list, direction, start)
        )
        return next(hits, None)

    def marked(self, line: Line, *, is_current: bool) -> Line:
        """The line with its hits marked."""
        for at, end in self.terms.marks_in_row(line.text):
            line = mark(line, at, end, "hit.current" if is_current else "hit")
        return line

    def is_at(self, entry_id: str, row: int) -> bool:
        """Whether a row contains the hit of the last step."""
        return (entry_id, row) == (self._entry_id, self._row)

    def _hits(
        self, virtual_list: VirtualList, direction: int, here: tuple[int, int]
    ) -> Iterator[tuple[int, int]]:
        """The hits beyond a place, as far as one cares to look."""
        for index in [virtual_list.index(found.entry_id) for found in self.found(virtual_list)][
            ::direction
        ]:
            if (index - here[0]) * direction < 0:
                continue
            for row in self._rows(virtual_list, index)[::direction]:
                if (index, row) > here if direction > 0 else (index, row) < here:
                    yield index, row

    def _rows(self, virtual_list: VirtualList, index: int) -> list[int]:
        """The rows of an entry that show a hit; of a stub, its first row stands for them."""
        if virtual_list.entries[index].is_stub:
            return [0]
        rows = [row.line.text for row in virtual_list.all_rows(index)]
        begins = [*accumulate((len(row) + 1 for row in rows), initial=0)]
        marks = self.terms.marks("\n".join(rows))  # a phrase may go on in the next row
        return sorted({bisect_right(begins, start) - 1 for start, _ in marks})
