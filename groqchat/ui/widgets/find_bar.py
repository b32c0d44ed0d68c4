"""Finds text in the open session: a line above the transcript."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from groqchat.ui.widgets.text import fitting, in_own_keys

if TYPE_CHECKING:
    from textual.app import ComposeResult

LABEL = "Find "
KEYS = ("↓ ↑ go", "Ctrl+F all sessions", "Esc close")
# So many cells are left for what is typed, at least.
TYPED = 16


class FindBar(Horizontal):
    """A field for what is to be found, and the number of places that have it."""

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $panel; padding: 0 1; }
    FindBar > Static { width: auto; color: $text-muted; }
    FindBar > Input {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $panel;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("escape", "close", show=False),
    ]

    @dataclass
    class Changed(Message):
        """The text to be found has changed."""

        query: str

    @dataclass
    class Stepped(Message):
        """The next place (1) or the one before (-1) is to be shown."""

        step: int

    class Closed(Message):
        """Enough found."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._input = Input(placeholder="Find here", compact=True)
        self._count = Static("", markup=False)
        self._hits = 0

    def compose(self) -> ComposeResult:
        """A label, the text, the count, and the keys."""
        yield Static(LABEL, markup=False)
        yield self._input
        yield self._count

    @property
    def is_open(self) -> bool:
        """Whether the find bar is on the screen."""
        return bool(self.display)

    @property
    def query_text(self) -> str:
        """The text that is looked for."""
        return self._input.value

    def open(self, query: str = "") -> None:
        """Show it, ready to type."""
        self.display = True
        self._input.value = query or self._input.value
        self._input.focus()
        self.post_message(self.Changed(self._input.value))

    def show_count(self, hits: int) -> None:
        """Say how many places there are, and the keys there is room for beside what is typed."""
        self._hits = hits
        found = (f"{hits} found",) if self._input.value else ()
        room = self.content_size.width - len(LABEL) - TYPED
        keys = (in_own_keys(self.screen, each) for each in KEYS)
        self._count.update(fitting(map(Content, (*found, *keys)), room))

    def on_resize(self) -> None:
        """Fit the words to the new width."""
        self.show_count(self._hits)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find while it is typed."""
        event.stop()
        self.post_message(self.Changed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next place on Enter."""
        event.stop()
        self.post_message(self.Stepped(1))

    def action_step(self, step: int) -> None:
        """The next place, or the one before."""
        self.post_message(self.Stepped(step))

    def action_close(self) -> None:
        """Put it away."""
        self.display = False
        self.post_message(self.Closed())
