"""Where prompts are written: the text area, completions above, estimates below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from groqchat.ui.commands import BY_SLASH
from groqchat.ui.text import KeyHint, fitting, key_lines
from groqchat.ui.widgets.prompt_area import INVITATION, PromptArea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult


# What is told in the place of the figures has so many lines at most.
MOST_TOLD = 3


class Figures(Widget):
    """One line of figures, as many as fit; instead of them the keys of what has the focus.

    For a while something else is told in their place.
    """

    _figures: Sequence[Content] = ()
    _keys: Sequence[KeyHint] = ()
    _told = ""

    def show(self, figures: Sequence[Content]) -> None:
        """Others, if they are."""
        if list(figures) != list(self._figures):
            self._figures = figures
            self.refresh()

    def name_keys(self, keys: Sequence[KeyHint]) -> None:
        """Show these keys; the figures again if there are none."""
        if list(keys) != list(self._keys):
            self._keys = keys
            self.refresh()

    def tell(self, words: str) -> None:
        """Some words in the place of figures and keys, until there are none."""
        if words != self._told:
            self._told = words
            rows = len(Content(words).wrap(max(8, self.content_size.width)))
            self.styles.height = min(max(1, rows), MOST_TOLD)
            self.refresh()

    def render(self) -> Content:
        """Cut between figures and keys only."""
        if self._told:
            return Content.styled(self._told, "$foreground")
        if self._keys:
            return key_lines(self._keys, self.content_size.width)[0]
        return fitting(self._figures, self.content_size.width)


class Composer(Vertical):
    """The prompt area with its completions above and one line of estimates below."""

    DEFAULT_CSS = """
    Composer { height: auto; max-height: 21; }
    Composer > #completions {
        height: auto; max-height: 8; min-width: 12; border: none; padding: 0 1; display: none;
        background: $panel; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Composer > #completions > .option-list--option-highlighted {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    Composer > #completions:nocolor > .option-list--option-highlighted {
        text-style: bold underline;
    }
    Composer > #prompt {
        height: auto; max-height: 12; min-height: 3; padding: 0 1;
        border: round $border-blurred; background: $background; scrollbar-size-vertical: 1;
    }
    Composer > #prompt > .text-area--placeholder { color: $text-disabled; }
    Composer > #prompt:focus { border: round $accent; }
    Composer > #estimate { height: 1; padding: 0 1; color: $text-muted; }
    """

    @dataclass
    class Submitted(Message):
        """A prompt or a slash command, as it was written."""

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
        self._options = OptionList(id="completions")
        self._estimate = Figures(id="estimate")
        # A cursor that blinks paints twice a second for nothing.
        self.area.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Text and estimates; completions come a little later."""
        yield self.area
        yield self._estimate

    async def furnish(self) -> None:
        """Add the completions, which the first frame does without."""
        await self.mount(self._options, before=self.area)
        self._complete(self.text)

    @property
    def text(self) -> str:
        """What is written."""
        return self.area.text

    @text.setter
    def text(self, text: str) -> None:
        self.area.write(text)

    def invite(self, *words: str) -> None:
        """What stands here while nothing is written, as far as there is room."""
        self.area.invite(words or INVITATION)

    def show_estimate(self, figures: Sequence[Content]) -> None:
        """What the next request will take, under the text; the most important figure first."""
        self._estimate.show(figures)

    def name_keys(self, keys: Sequence[KeyHint]) -> None:
        """The keys of a message that has the focus, instead of the estimate."""
        self._estimate.name_keys(keys)

    def tell(self, words: str) -> None:
        """Some words below the text until there are none, where nothing else has room for them."""
        self._estimate.tell(words)

    def on_prompt_area_sent(self, event: PromptArea.Sent) -> None:
        """Hand the text over; whoever takes it clears it."""
        event.stop()
        self._hide_completions()
        if event.text.strip():
            self.post_message(self.Submitted(event.text))

    def on_prompt_area_recalled(self, event: PromptArea.Recalled) -> None:
        """Ask for another prompt."""
        event.stop()
        self.post_message(self.RecallWanted(event.step, event.text))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Complete commands, and say that the text changed."""
        event.stop()
        self.area.bring_back()
        self._complete(self.text)
        self.post_message(self.Edited(self.text))

    def on_prompt_area_moved(self, event: PromptArea.Moved) -> None:
        """Choose among the completions."""
        event.stop()
        options = self._options
        (options.action_cursor_down if event.step > 0 else options.action_cursor_up)()

    def on_prompt_area_completed(self, event: PromptArea.Completed) -> None:
        """Take the chosen completion."""
        event.stop()
        options = self._options
        if options.highlighted is not None:
            self._take(options.get_option_at_index(options.highlighted).id or "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click on a completion takes it."""
        event.stop()
        self._take(event.option.id or "")

    def _take(self, slash: str) -> None:
        self.text = f"/{slash} "
        self.area.focus()

    def _complete(self, text: str) -> None:
        if not self._options.is_attached:
            return
        if not text.startswith("/") or " " in text or "\n" in text:
            self._hide_completions()
            return
        typed = text[1:].lower()
        found = {slash: command for slash, command in BY_SLASH.items() if slash.startswith(typed)}
        if not found or list(found) == [typed]:
            self._hide_completions()
            return
        options = self._options
        options.clear_options()
        usages = {slash: f"/{slash} {command.argument}" for slash, command in found.items()}
        width = min(max(map(len, usages.values())), self.area.size.width // 2)
        for slash, command in found.items():
            usage = Content(usages[slash]).truncate(width, ellipsis=True, pad=True)
            words = Content.assemble(usage, "  ", (command.help, "$text-muted"))
            options.add_option(Option(words, id=slash))
        options.highlighted = 0
        options.display = True
        self.area.has_completions = True

    def _hide_completions(self) -> None:
        if self.area.has_completions:
            self._options.display = False
            self.area.has_completions = False
