"""The window with the details of one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

_LONGEST_VALUE = 400
_LABEL_CELLS, _INDENT = 20, 2
# A value in fewer cells is hardly read.
_LEAST_VALUE = 24


class MessageDetails(Dialog[None]):
    """The details of a message, one a row.

    Args:
        heading: The message.
        rows: The labels and the values.
    """

    DEFAULT_CSS = """
    MessageDetails > #frame { max-width: 84; }
    MessageDetails VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    MessageDetails Static { height: auto; }
    """
    purpose = "The tokens, cost and times of this message, and what it was asked with."
    guide = "chat"

    def __init__(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        self.heading = heading
        super().__init__()
        self._rows = rows

    def content(self) -> Iterable[Widget]:
        """The rows, which scroll where there is no room for all."""
        self._table = Static(markup=False)
        yield VerticalScroll(self._table)

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("↑↓", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        """Lay the rows out anew."""
        self.call_after_refresh(self._lay_out)

    def _lay_out(self) -> None:
        width = self.query_one(VerticalScroll).scrollable_content_region.width
        self._table.update(laid_out(self._rows, max(_LEAST_VALUE, width)))


def laid_out(rows: Sequence[tuple[str, str]], width: int) -> Content:
    """Labels and values side by side; a long value goes on where it begins.

    Args:
        rows: The labels and the values.
        width: The room, in cells; where there is little, a long value stands below its label.
    """
    lines: list[Content] = []
    for label, text in rows:
        value, room = Content(line(text, _LONGEST_VALUE)), width - _LABEL_CELLS
        indent, head = _LABEL_CELLS, f"{label:<{_LABEL_CELLS}}"
        if value.cell_length > room and room < _LEAST_VALUE:
            lines.append(Content.styled(label, "$text-muted"))
            indent, head = _INDENT, " " * _INDENT
        for wrapped in value.wrap(width - indent) or [value]:
            lines.append(Content.styled(head, "$text-muted") + wrapped)
            head = " " * indent
    return Content("\n").join(lines)
