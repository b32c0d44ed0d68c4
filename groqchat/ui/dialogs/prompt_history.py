"""Finds a prompt that was sent before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import LivePicker, Row
from groqchat.ui.widgets.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.services import Drafts
    from groqchat.ui.widgets.prompt_area import PromptArea


async def find_prompt(ask: Ask, drafts: Drafts, area: PromptArea) -> None:
    """Have a prompt chosen that goes where they are written; a worker's work."""
    chosen = await ask(PromptHistory(drafts.prompts))
    if chosen:
        area.recall(chosen)
    area.focus()


class PromptHistory(LivePicker[str]):
    """The chosen prompt, or None.

    Args:
        prompts: The prompts that contain what was typed, the newest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "move('cursor_down')", show=False, priority=True)
    ]
    heading = "Prompts sent before"
    purpose = "The prompts of all sessions, newest first. Enter puts one into the composer."
    guide = "chat"
    asks = "Part of a prompt"
    nothing = "No prompt was sent with these words."

    def __init__(self, prompts: Callable[[str], Awaitable[Sequence[str]]]) -> None:
        super().__init__()
        self._prompts = prompts

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window; Ctrl+R goes to the next older prompt, as in a shell."""
        return (
            KeyHint("Enter", "take it", "enter"),
            KeyHint("Ctrl+R", "older", "ctrl+r"),
            KeyHint("↑↓", "move"),
            CLOSE,
        )

    async def look_up(self, query: str) -> Sequence[Row[str]]:
        """Prompts as rows, what was typed marked in them."""
        prompts = await self._prompts(query)
        return [(self._row(prompt, query), prompt) for prompt in prompts]

    def describe(self, value: str) -> Content:
        """The prompt with its line breaks."""
        return Content(block(value, 600))

    @staticmethod
    def _row(prompt: str, query: str) -> Content:
        row = Content(line(prompt))
        if not query:
            return row
        return row.highlight_regex(
            re.compile(re.escape(line(query)), re.IGNORECASE), style="bold $text-accent"
        )
