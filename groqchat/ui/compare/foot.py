"""The foot of a comparison: the prompt, a line of words, and the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import KeyBar
from groqchat.ui.widgets.completion_list import CompletionList
from groqchat.ui.widgets.composer import CHIP_KEYS
from groqchat.ui.widgets.prompt_area import PromptArea
from groqchat.ui.widgets.text import KeyHint, in_own_keys, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import TextArea

    from groqchat.ui.widgets.cards import FocusCard


@dataclass(frozen=True, slots=True)
class FooterKeys:
    """The keys that are named while a column has the focus.

    Attributes:
        votable: Where there is an answer to vote for.
        low: The same on low screens.
        unanswered: Where no column has an answer.
        first: Before the first prompt.
        busy: While a job is running.
    """

    votable: Sequence[KeyHint]
    low: Sequence[KeyHint]
    unanswered: Sequence[KeyHint]
    first: Sequence[KeyHint]
    busy: Sequence[KeyHint]


class CompareFoot(Vertical):
    """The foot of a comparison.

    Args:
        text: The text in the prompt at first.
        columns: The number of columns.
        keys: The keys that are named while a column has the focus.
    """

    DEFAULT_CSS = """
    CompareFoot { height: auto; }
    CompareFoot > PromptArea {
        height: auto; max-height: 8; min-height: 3; padding: 0 1;
        border: round $border-blurred; background: $background;
    }
    CompareFoot > PromptArea:focus { border: round $accent; }
    CompareFoot > #said {
        height: auto; min-height: 1; max-height: 2; padding: 0 2; color: $text-muted;
    }
    CompareFoot > KeyBar { dock: none; padding: 0 1; background: $background; }
    """

    def __init__(self, text: str, columns: int, keys: FooterKeys) -> None:
        super().__init__()
        self.prompt = PromptArea(text, highlight_cursor_line=False, tab_behavior="focus")
        self.prompt.invite((f"One prompt to all {columns}", "Ctrl+J new line"))
        self.completions = CompletionList(self.prompt)
        self._columns = columns
        self._is_long = False
        self._said = Static(id="said", markup=False)
        self._keys = keys
        self._bar = KeyBar(())
        self._leave = KeyHint("Esc", "close", "escape")
        self._is_busy = False

    def compose(self) -> ComposeResult:
        """Completions, prompt, words, keys."""
        yield self.completions
        yield self.prompt
        yield self._said
        yield self._bar

    def on_focus_card_typed(self, event: FocusCard.Typed) -> None:
        """Write a letter that means nothing to a card into the prompt."""
        event.stop()
        self.prompt.focus()
        self.prompt.insert(event.character)

    def on_focus_card_entered(self, event: FocusCard.Entered) -> None:
        """Go back to the prompt: Enter means nothing to a card."""
        event.stop()
        self.prompt.focus()

    def on_text_area_changed(self) -> None:
        """Complete paths."""
        self.completions.follow()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Name the keys of a chip while it is selected."""
        event.stop()
        if self.prompt.has_focus:
            self._show_prompt_keys()

    def on_prompt_area_moved(self, event: PromptArea.Moved) -> None:
        """Choose among the completions."""
        event.stop()
        self.completions.move(event.step)

    def on_prompt_area_sent(self) -> None:
        """Hide the completions: the prompt is sent as it is."""
        self.completions.hide()

    def on_chip_area_chip_opened(self, event: PromptArea.ChipOpened) -> None:
        """Show the content of a chip."""
        from groqchat.ui.dialogs.chip_viewer import show_chip

        event.stop()
        shown = show_chip(event.chip, self.prompt, self.app.push_screen_wait)
        self.run_worker(shown, group="command")

    def say(self, words: str, style: str = "") -> None:
        """Write the line of words; on low screens it takes the place of the keys."""
        if not self.is_attached:
            return  # the screen is closed
        said = Content.styled(line(in_own_keys(self.screen, words)), style)
        was_long, self._is_long = self._is_long, said.cell_length > self._said.content_size.width
        # Most words take one line, which is there already.
        is_moved = was_long or self._is_long or self.screen.has_class("-low")
        self._said.update(said, layout=is_moved)
        self.set_class(bool(words), "-saying")

    def show_keys(self, *, is_busy: bool, is_begun: bool, is_votable: bool) -> None:
        """Write the keys that act where the focus is; on low screens the fewest.

        Args:
            is_busy: Whether a job is running.
            is_begun: Whether a prompt was sent.
            is_votable: Whether there is an answer to vote for.
        """
        if not self.is_attached:
            return  # the screen is closed
        leave = self._leave = KeyHint("Esc", "stop" if is_busy else "close", "escape")
        self._is_busy = is_busy
        if self.prompt.has_focus:
            self._show_prompt_keys()
            return
        is_low = self.screen.has_class("-low")
        keys = self._keys.unanswered if is_begun else self._keys.first
        if is_busy:
            keys = self._keys.busy
        elif is_votable:
            best = KeyHint(f"1–{self._columns}", "best answer")
            keys = (best, *(self._keys.low if is_low else self._keys.votable))
        move = [] if is_low else [KeyHint("← →", "move")]
        self._bar.show((*keys, *move, KeyHint("Tab", "write", "tab"), leave))

    def _show_prompt_keys(self) -> None:
        does = KeyHint("Enter", "send to all")
        if self._is_busy:
            does = KeyHint(in_own_keys(self.screen, "Ctrl+S"), "to the chat")
        keys = CHIP_KEYS if self.prompt.selected_chip else (does, KeyHint("Tab", "columns", "tab"))
        self._bar.show((*keys, self._leave))
