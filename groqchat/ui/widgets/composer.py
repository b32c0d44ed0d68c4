"""The composer: the text area, completions above, estimates below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from groqchat.ui.widgets.completion_list import CompletionList
from groqchat.ui.widgets.completions import Completion, completions, the_only
from groqchat.ui.widgets.prompt_area import INVITATION, PromptArea
from groqchat.ui.widgets.text import (
    KeyHint,
    cut_before_the_end,
    fitting,
    key_line,
    pressed_key,
    way_to,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.events import Click
    from textual.widgets import TextArea


CHIP_KEYS = (
    KeyHint("Enter", "show it", "enter"),
    KeyHint("Backspace", "remove", "backspace"),
    KeyHint("→", "go on", "right"),
)
"""The keys that are named while a chip is selected."""
# What is told in the place of the figures has so many lines at most.
MOST_TOLD = 3


class Figures(Widget):
    """A line of as many figures as fit, or of the keys of the focused widget.

    For a while something else is told in their place.
    """

    _figures: Sequence[Content] = ()
    _keys: Sequence[KeyHint] = ()
    _notice = ""

    def show(self, figures: Sequence[Content]) -> None:
        """Show completions, if they differ from those shown."""
        if list(figures) != list(self._figures):
            self._figures = figures
            self.refresh()

    def name_keys(self, keys: Sequence[KeyHint]) -> None:
        """Show these keys; the figures again if there are none."""
        if list(keys) != list(self._keys):
            self._keys = keys
            self.refresh()

    def tell(self, words: str) -> None:
        """Show some words in place of figures and keys; empty words remove them."""
        if words != self._notice:
            self._notice = words
            rows = len(Content(words).wrap(max(8, self.content_size.width)))
            self.styles.height = min(max(1, rows), MOST_TOLD)
            self.refresh()

    def render(self) -> Content:
        """Cut between figures and keys only."""
        if self._notice:
            rows = cut_before_the_end(self._notice, self.content_size.width, MOST_TOLD)
            return Content("\n").join(rows).stylize("$foreground")
        if self._keys:
            help_key = way_to(self.screen, "help", "help")
            return key_line(self._keys, self.content_size.width, help_key)
        return fitting(self._figures, self.content_size.width)

    async def on_click(self, event: Click) -> None:
        """Press the key that is clicked; beside keys, open the palette, which has everything."""
        if key := pressed_key(event):
            self.app.simulate_key(key)
        elif not self._keys:
            self.app.action_command_palette()


class Composer(Vertical):
    """The prompt area with its completions above and one line of estimates below."""

    DEFAULT_CSS = """
    Composer { height: auto; max-height: 21; }
    Composer > #prompt {
        height: auto; max-height: 12; min-height: 3; padding: 0 1;
        border: round $border-blurred; background: $background; scrollbar-size-vertical: 1;
    }
    Composer > #prompt { border-title-color: $text-warning; border-title-style: bold; }
    Composer > #prompt > .text-area--placeholder { color: $text-disabled; }
    Composer > #prompt:focus { border: round $accent; }
    Composer > #estimate { height: 1; padding: 0 1; color: $text-muted; }
    """

    @dataclass
    class Submitted(Message):
        """A prompt or a slash command, as it was written; empty for Enter in an empty composer."""

        text: str

    @dataclass
    class Edited(Message):
        """The text changed."""

        text: str

    @dataclass
    class RecallWanted(Message):
        """Show an older (1) or newer (-1) prompt instead of the text there is."""

        step: int
        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.area = PromptArea(
            id="prompt",
            highlight_cursor_line=False,
            tab_behavior="focus",
        )
        self._completions = CompletionList(self.area, self._words)
        self._estimate = Figures(id="estimate")
        self.values: Mapping[str, Callable[[], Iterable[str]]] = {}
        """What completes the arguments of commands, by the commands' ids."""
        # A cursor that blinks paints twice a second for nothing.
        self.area.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Text and estimates; completions come a little later."""
        yield self.area
        yield self._estimate

    def mark(self, words: str) -> None:
        """Write some words on the frame of the text area, where they stay in sight."""
        self.area.border_title = Content(words)

    async def mount_completions(self) -> None:
        """Add the completions, which the first frame does without."""
        await self.mount(self._completions, before=self.area)
        self._completions.follow()

    def _words(self, text: str) -> Sequence[Completion]:
        return completions(text, self.values)

    @property
    def text(self) -> str:
        """The text."""
        return self.area.text

    @text.setter
    def text(self, text: str) -> None:
        self.area.write(text)

    def invite(self, *words: str) -> None:
        """Set the words that stand here while nothing is written, as far as there is room."""
        self.area.invite(words or INVITATION)

    def show_estimate(self, figures: Sequence[Content]) -> None:
        """Show what the next request will take, under the text; the most important figure first."""
        self._estimate.show(figures)

    def name_keys(self, keys: Sequence[KeyHint]) -> None:
        """The keys of a message that has the focus, instead of the estimate."""
        self._estimate.name_keys(keys)

    def tell(self, words: str) -> None:
        """Show some words below the text until the next call; empty words remove them."""
        self._estimate.tell(words)

    def on_prompt_area_sent(self, event: PromptArea.Sent) -> None:
        """Hand the text over, its only completion taken; whoever takes it clears it."""
        event.stop()
        self._completions.hide()
        text = event.text
        if only := the_only(text, self._words(text)):
            self.text = only.text
            text = only.text if only.is_last else ""
        if text.strip() or not event.text.strip():
            self.post_message(self.Submitted(text))

    def on_prompt_area_recalled(self, event: PromptArea.Recalled) -> None:
        """Ask for another prompt."""
        event.stop()
        self.post_message(self.RecallWanted(event.step, event.text))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Complete commands, and say that the text changed."""
        event.stop()
        self.area.given_back.come_back()
        self._completions.follow()
        self.post_message(self.Edited(self.text))

    def on_prompt_area_moved(self, event: PromptArea.Moved) -> None:
        """Choose among the completions."""
        event.stop()
        self._completions.move(event.step)

    def on_prompt_area_completed(self, event: PromptArea.Completed) -> None:
        """Take the chosen completion."""
        event.stop()
        self._completions.take()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Name the keys of a chip while it is selected."""
        event.stop()
        self.name_keys(CHIP_KEYS if self.area.selected_chip else ())
