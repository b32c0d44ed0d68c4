"""The help on one window: what it is for, its keys, and the way to its guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.dialogs.guides import show_guides
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.ui.dialogs.dialog import Ask

# What every window does with it.
_ALWAYS = (KeyHint("Ctrl+C", "copy what is selected, else close"),)
_LONGEST_HEADING = 40


@runtime_checkable
class Explained(Protocol):
    """A window that F1 explains, with the words in its frame and about it."""

    heading: str
    purpose: str
    guide: str

    def hints(self) -> Sequence[KeyHint]:
        """The keys and what they do."""


class WindowHelp(Dialog[bool]):
    """The purpose and the keys of a window; the result is whether to go on to the guide.

    Args:
        window: The window that is explained.
    """

    DEFAULT_CSS = """
    WindowHelp > #frame { max-width: 72; }
    WindowHelp VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    WindowHelp #help { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "close", show=False),
        Binding("g", "guide", show=False),
    ]
    is_help = True

    def __init__(self, window: Explained) -> None:
        self.heading = f"Help: {line(window.heading, _LONGEST_HEADING)}"
        super().__init__()
        self._purpose, self._keys = window.purpose, (*window.hints(), *_ALWAYS)
        self._topic = window.guide

    def content(self) -> Iterable[Widget]:
        """What the window is for, then one key a line."""
        column = max(len(hint.key) for hint in self._keys) + 2
        keys = [
            Content.assemble((f"{hint.key:<{column}}", "bold $text-accent"), hint.words)
            for hint in self._keys
        ]
        self._scroll = VerticalScroll(
            Static(Content("\n").join([Content(self._purpose), Content(), *keys]), id="help")
        )
        return (self._scroll,)

    def hints(self) -> Sequence[KeyHint]:
        """The keys that scroll, that lead to the guide, and that close."""
        about = f"guide: {self._topic}" if self._topic else "guides"
        return (KeyHint("g", about, "g"), KeyHint("↑↓", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """Focus the text, so that the arrows scroll it."""
        self._scroll.focus()

    def action_guide(self) -> None:
        """Close, and go on to the guide."""
        self.finish(True)


async def explain(window: Explained, ask: Ask) -> None:
    """Show the help on a window, and its guide if that is wanted.

    Args:
        window: The window.
        ask: Opens a window over it and waits for its result.
    """
    if await ask(WindowHelp(window)):
        await show_guides(window.guide, ask)
