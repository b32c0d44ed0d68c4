"""The frame that every dialog shares: a title, what it is about, and a line with its keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key, Paste
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from groqchat.ui.widgets.text import KeyHint, key_lines, pressed_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.events import Click
    from textual.geometry import Size
    from textual.screen import Screen

T = TypeVar("T")

CLOSE = KeyHint("Esc", "close", "escape")


class Ask(Protocol):
    """Opens a window and waits for its result; None where it was closed without one."""

    def __call__(self, window: Screen[T], /) -> Awaitable[T | None]:
        """Open the window; only workers can wait for it."""


class KeyBar(Widget):
    """The keys of a dialog and what they do; a click on one presses it."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; height: auto; width: 1fr; color: $text-muted; background: $surface; }
    """

    def __init__(self, hints: Sequence[KeyHint]) -> None:
        super().__init__()
        self._hints = hints

    def show(self, hints: Sequence[KeyHint]) -> None:
        """Show these keys from now on."""
        self._hints = hints
        self.refresh(layout=True)

    def render(self) -> Content:
        """The line of keys, on as many rows as the keys need."""
        return Content("\n").join(key_lines(self._hints, max(1, self.content_size.width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Known from the width alone."""
        return len(key_lines(self._hints, width))

    def on_click(self, event: Click) -> None:
        """Press the key."""
        if key := pressed_key(event):
            self.app.simulate_key(key)


class Dialog(ModalScreen[T], Generic[T]):
    """A window over the chat. Esc closes it without a result.

    Attributes:
        purpose: What it is for, in one or two sentences; F1 shows them above its keys.
        guide: The name of the guide that says more; empty where no single one does.
        is_help: Whether it is a help itself, which F1 closes.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 70%; }
    Dialog > #frame {
        width: 90%; max-width: 100; height: auto; max-height: 100%; padding: 0 1;
        background: $surface; color: $foreground;
        border: round $border; border-title-color: $text-accent; border-title-style: bold;
    }
    Dialog.-narrow > #frame { width: 100%; }
    Dialog.-low > #frame { border: none; }
    Dialog Input {
        height: 1; border: none; padding: 0 1; background: $panel; color: $foreground;
    }
    Dialog Input:focus { border: none; background-tint: transparent; }
    Dialog #said { height: auto; color: $text-muted; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-wide")]  # noqa: RUF012  # as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-high")]  # noqa: RUF012  # as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close", show=False)]

    heading = ""
    purpose = ""
    guide = ""
    is_help = False

    @dataclass
    class TypedOn(Message):
        """A key or paste came to a window without a field; the window closes and repeats it."""

        event: Key | Paste

    def compose(self) -> ComposeResult:
        """The frame around what the dialog is about."""
        # Textual asks for the size after the first frame, and would paint all of it again.
        width, height = self.app.size
        self.add_class(_class_of(width, self.HORIZONTAL_BREAKPOINTS))
        self.add_class(_class_of(height, self.VERTICAL_BREAKPOINTS))
        self.key_bar = KeyBar(self.hints())
        with Vertical(id="frame") as frame:
            frame.border_title = Content(self.heading)
            yield from self.content()
            yield self.key_bar

    def content(self) -> Iterable[Widget]:
        """The widgets between the title and the line of keys."""
        return ()

    def hints(self) -> Sequence[KeyHint]:
        """The keys at the foot."""
        return (CLOSE,)

    def on_key(self, event: Key) -> None:
        """A letter that means nothing here belongs to what lies under the window."""
        is_letter = event.is_printable and (event.character or "").strip()
        if is_letter and not self._takes(event.key) and self.is_mounted:
            event.stop()
            event.prevent_default()
            self._write_below(Key(event.key, event.character))

    def take_paste(self, paste: Paste) -> bool:
        """A text that is pasted where nothing can be written belongs there too."""
        is_taken = not self._is_written_in and self.is_mounted
        if is_taken:
            self._write_below(Paste(paste.text))
        return is_taken

    def _write_below(self, event: Key | Paste) -> None:
        self.action_close()
        self.post_message(self.TypedOn(event))

    @property
    def _is_written_in(self) -> bool:
        return isinstance(self.focused, Input | TextArea)

    def _takes(self, key: str) -> bool:
        return self._is_written_in or key in self.active_bindings

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow only closing until the content is there."""
        return self.is_mounted or action == "close"

    def finish(self, result: T | None) -> None:
        """Close with a result; a key pressed twice in a hurry closes once."""
        if self.is_active:
            self.dismiss(result)

    def action_close(self) -> None:
        """Leave without a result."""
        self.finish(None)

    async def interrupt(self) -> None:
        """Ctrl+C where nothing is selected: as Esc."""
        self.action_close()


def _class_of(size: int, breakpoints: Sequence[tuple[int, str]]) -> str:
    """The class for so many columns or rows."""
    return max((least, name) for least, name in breakpoints if size >= least)[1]
