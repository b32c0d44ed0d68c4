"""The list of completions above a text area, which follows what is written there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from groqchat.ui.terminal.option_list import PagedOptionList
from groqchat.ui.widgets.completions import Completion, names_a_path, paths, the_only

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.worker import Worker

    from groqchat.ui.widgets.prompt_area import PromptArea


def _no_words(_: str) -> Sequence[Completion]:
    """Where commands are not completed."""
    return ()


class CompletionList(PagedOptionList):
    """Completions of paths, and of other words.

    Args:
        area: Where it is written.
        words: The completions of a text that does not end with a path.
    """

    DEFAULT_CSS = """
    CompletionList {
        height: auto; max-height: 8; min-width: 12; border: none; padding: 0 1; display: none;
        background: $panel; scrollbar-size-vertical: 1;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    CompletionList > .option-list--option-highlighted {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    CompletionList:nocolor > .option-list--option-highlighted {
        text-style: bold underline;
    }
    """

    def __init__(
        self,
        area: PromptArea,
        words: Callable[[str], Sequence[Completion]] = _no_words,
    ) -> None:
        super().__init__(id="completions")
        self._area = area
        self._words = words
        self._found: Sequence[Completion] = ()

    def follow(self) -> None:
        """Complete what is written now."""
        text = self._area.shown
        if not self.is_attached:
            return
        if names_a_path(text):
            self._complete_path(text)
        else:
            self._offer(text, self._words(text))

    def move(self, step: int) -> None:
        """Move the choice down (1) or up (-1)."""
        (self.action_cursor_down if step > 0 else self.action_cursor_up)()

    def take(self) -> None:
        """Take the chosen completion."""
        if self.highlighted is not None:
            self._take(self._found[self.highlighted])

    def on_option_list_option_selected(self, event: PagedOptionList.OptionSelected) -> None:
        """Take the completion that was clicked."""
        event.stop()
        self._take(self._found[event.option_index])

    def hide(self) -> None:
        """Show nothing until more is written."""
        if self._area.has_completions:
            self.display = False
            self._area.has_completions = False

    def _take(self, completion: Completion) -> None:
        self._area.write(completion.text)
        self._area.focus()

    def _complete_path(self, text: str) -> Worker[None]:
        async def read() -> None:
            found = await asyncio.to_thread(paths, text)  # the disk may be slow
            if text == self._area.shown:
                self._offer(text, found)

        return self.run_worker(read, group="completions", exclusive=True)

    def _offer(self, text: str, found: Sequence[Completion]) -> None:
        is_whole = len(found) == 1 and the_only(text, found) is None
        if not found or is_whole or self._area.cursor_location != self._area.document.end:
            self.hide()
            return
        self._found = found
        self.clear_options()
        width = min(max(len(one.label) for one in found), self._area.size.width // 2)
        for one in found:
            label = Content(one.label).truncate(width, ellipsis=True, pad=True)
            self.add_option(Option(Content.assemble(label, "  ", (one.help, "$text-muted"))))
        self.highlighted = 0
        self.display = True
        self._area.has_completions = True
