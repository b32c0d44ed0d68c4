"""The list of all keys of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, in_own_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.ui.commands import Command
    from groqchat.ui.compare.command import CompareCommand

PURPOSE = (
    "One prompt, answered by several models or variants side by side. Vote for the best answer, "
    "and go on with it in the chat."
)
_OTHER_KEYS = (
    ("1 … 8", "Vote for that column; again: go on with it"),
    ("← →", "Move: to another column"),
    ("↑ ↓", "Scroll: also PgUp, PgDn, Home, End"),
    ("Tab", "Between prompt and columns"),
    ("Ctrl+R", "Find a prompt you sent before; Ctrl+G: write it in an editor"),
    ("F8", "Say whether the call of a tool may run"),
    ("Ctrl+S", "To the chat while the answers are written; its list leads back"),
    ("Esc", "Stop the answers, then close"),
)


class CompareHelp(Dialog[bool]):
    """A window with every key of a comparison.

    Args:
        commands: The commands that act while a column has the focus.
        written: The commands that are written in the prompt.
    """

    DEFAULT_CSS = """
    CompareHelp > #frame { max-width: 76; }
    CompareHelp VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    CompareHelp #help { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,q", "close", show=False),
        Binding("g", "guide", show=False),
    ]
    heading = "Keys of a comparison"
    is_help = True

    def __init__(self, commands: Sequence[CompareCommand], written: Sequence[Command] = ()) -> None:
        super().__init__()
        self._commands = commands
        self._written = written

    def content(self) -> Iterable[Widget]:
        """The keys, one a line."""
        rows = [tuple(in_own_keys(self, each) for each in row) for row in _OTHER_KEYS]
        rows += [(each.hint.key, f"{each.title}: {each.help}") for each in self._commands]
        lines = [Content.assemble((f"{key:<7}", "bold $text-accent"), words) for key, words in rows]
        said = "These keys work when a column has the focus: press Tab."
        slashes = " ".join(f"/{command.slash}" for command in self._written)
        written = [Content.styled(f"In the prompt, as in the chat: {slashes}", "$text-muted")]
        head = [Content(PURPOSE), Content(), Content.styled(said, "$text-muted")]
        lines = [*head, *lines, *(written if slashes else [])]
        yield VerticalScroll(Static(Content("\n").join(lines), id="help"))

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("↑↓", "scroll"), KeyHint("g", "guide", "g"), CLOSE)

    def action_guide(self) -> None:
        """Close, and go on to the guide."""
        self.finish(True)

    def on_mount(self) -> None:
        """Focus the list, so that the arrows scroll."""
        self.query_one(VerticalScroll).focus()
