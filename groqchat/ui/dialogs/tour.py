"""The tour once more, for whoever asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget


class TourScreen(Dialog[None]):
    """The lines of the tour.

    Args:
        lines: What to show.
    """

    DEFAULT_CSS = """
    TourScreen > #frame { max-width: 48; }
    TourScreen #tour { height: auto; margin: 1; }
    TourScreen.-low #tour { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q", "close", show=False)]
    heading = "The first keys"
    purpose = "The five keys to begin with. F1 in the chat shows all of them."
    guide = "chat"

    def __init__(self, lines: Sequence[Content]) -> None:
        super().__init__()
        self._lines = lines

    def content(self) -> Iterable[Widget]:
        """The lines."""
        return (Static(Content("\n").join(self._lines), id="tour", markup=False),)
