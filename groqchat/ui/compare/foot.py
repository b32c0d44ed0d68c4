"""The foot of a comparison: where the prompt is written, a line of words, the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.compare.commands import BY_ID, DEEDS, FIRST, SHORTEST, UNANSWERED
from groqchat.ui.dialogs.dialog import KeyBar
from groqchat.ui.widgets.prompt_area import PromptArea
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from textual.app import ComposeResult


class CompareFoot(Vertical):
    """Shows what it is told.

    Args:
        text: What stands in the prompt at first.
        columns: How many answers there are to choose from.
    """

    DEFAULT_CSS = """
    CompareFoot { height: auto; }
    CompareFoot > PromptArea {
        height: auto; max-height: 8; min-height: 3; padding: 0 1;
        border: round $border-blurred; background: $background;
    }
    CompareFoot > PromptArea:focus { border: round $accent; }
    CompareFoot > #said { height: 1; padding: 0 2; color: $text-muted; }
    CompareFoot > KeyBar { dock: none; padding: 0 1; background: $background; }
    """

    def __init__(self, text: str, columns: int) -> None:
        super().__init__()
        self.prompt = PromptArea(text, highlight_cursor_line=False, tab_behavior="focus")
        self.prompt.invite((f"One prompt to all {columns}", "Ctrl+J new line"))
        self._columns = columns
        self._said = Static(id="said", markup=False)
        self._keys = KeyBar(())

    def compose(self) -> ComposeResult:
        """Prompt, words, keys."""
        yield self.prompt
        yield self._said
        yield self._keys

    def say(self, words: str, style: str = "") -> None:
        """Write the line of words; on low screens it stands where the keys do."""
        if not self.is_attached:
            return  # the program ends, and what was being done with it
        # Only on low screens the words may take more lines than one.
        self._said.update(Content.styled(line(words), style), layout=self.screen.has_class("-low"))
        self.set_class(bool(words), "-saying")

    def show_keys(self, *, is_busy: bool, is_begun: bool, is_votable: bool, is_low: bool) -> None:
        """Write the keys that act where the focus is; on low screens the fewest."""
        leave = KeyHint("Esc", "stop" if is_busy else "close", "escape")
        if self.prompt.has_focus:
            self._keys.show(
                (KeyHint("Enter", "send to all"), KeyHint("Tab", "columns", "tab"), leave)
            )
            return
        if is_votable:
            names = SHORTEST if is_low else [deed.id for deed in DEEDS if deed.is_shown]
            best = KeyHint(f"1–{self._columns}", "best answer")
            keys = [best, *(BY_ID[name].hint for name in names)]
        elif is_begun:
            keys = [BY_ID[name].hint for name in UNANSWERED]
        else:
            keys = [BY_ID[name].hint for name in FIRST]
        move = [] if is_low else [KeyHint("← →", "move")]
        self._keys.show((*keys, *move, KeyHint("Tab", "write", "tab"), leave))
