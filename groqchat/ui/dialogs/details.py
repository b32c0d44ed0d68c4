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
_LABEL_CELLS = 20


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

    def __init__(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        self.heading = heading
        super().__init__()
        self._rows = rows

    def content(self) -> Iterable[Widget]:
        """The rows, which scroll where there is no room for all."""
        lines = [
            Content.assemble(
                (f"{label:<{_LABEL_CELLS}}", "$text-muted"), line(value, _LONGEST_VALUE)
            )
            for label, value in self._rows
        ]
        yield VerticalScroll(Static(Content("\n").join(lines), markup=False))

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("↑↓", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one(VerticalScroll).focus()
