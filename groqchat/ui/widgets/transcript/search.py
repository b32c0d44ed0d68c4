"""Find text in the entries of a transcript, and go from hit to hit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from groqchat.ui.markdown.lines import Line, mark

if TYPE_CHECKING:
    from groqchat.ui.widgets.transcript.roll import Roll


class Found(NamedTuple):
    """An entry in which a query occurs, and how often."""

    entry_id: str
    hits: int


class Search:
    """One query, case ignored; remembers at which hit one is.

    Args:
        query: The text to find; empty finds nothing.
    """

    def __init__(self, query: str) -> None:
        self.query = query.casefold()
        self._entry_id = ""
        self._row = -1

    def found(self, roll: Roll) -> list[Found]:
        """The entries whose source is known and has the query in it."""
        if not self.query:
            return []
        counts = (
            Found(entry.id, entry.text.casefold().count(self.query))
            for entry in roll.entries
            if entry.text
        )
        return [found for found in counts if found.hits]

    def step(self, roll: Roll, direction: int) -> tuple[int, int] | None:
        """Go to the next row (or with -1 the last before) with a hit; at the end, around.

        Returns:
            The index of its entry and the row within; None if there is no hit at all.
        """
        indices = [roll.index(found.entry_id) for found in self.found(roll)]
        if not indices:
            return None
        here = roll.index(self._entry_id) if self._entry_id in roll else -1
        if direction < 0:
            here = here if here >= 0 else len(roll.entries)
            order = [i for i in reversed(indices) if i <= here]
            order += [i for i in reversed(indices) if i >= here]
        else:
            order = [i for i in indices if i >= here] + [i for i in indices if i <= here]
        for turn, index in enumerate(order):
            rows = [
                row
                for row in self._rows(roll, index)
                if turn or self._is_ahead(index == here, row, direction)
            ]
            if rows:
                self._row = rows[0] if direction > 0 else rows[-1]
                self._entry_id = roll.entries[index].id
                return index, self._row
        return None

    def marked(self, line: Line, *, is_current: bool) -> Line:
        """The line with its hits marked."""
        text = line.text.casefold()
        if not self.query or len(text) != len(line.text):
            return line
        at = text.find(self.query)
        while at != -1:
            end = at + len(self.query)
            line = mark(line, at, end, "hit.current" if is_current else "hit")
            at = text.find(self.query, end)
        return line

    def is_at(self, entry_id: str, row: int) -> bool:
        """Whether a row is where the last step led."""
        return (entry_id, row) == (self._entry_id, self._row)

    def _is_ahead(self, is_here: bool, row: int, direction: int) -> bool:
        return not is_here or (row - self._row) * direction > 0

    def _rows(self, roll: Roll, index: int) -> list[int]:
        """The rows of an entry that show a hit."""
        sheet = roll.sheet(index)
        sheet.settle(0, sheet.height)
        lines = (sheet.row(row).line for row in range(sheet.height))
        return [row for row, line in enumerate(lines) if self.query in line.text.casefold()]
