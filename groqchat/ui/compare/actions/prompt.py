"""The keys that write the prompt of a comparison: earlier prompts, and an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.widgets.prompt_recall import Recall

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.ui.compare.state import Say
    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.services import Drafts
    from groqchat.ui.widgets.attaching.attachments import Attaching
    from groqchat.ui.widgets.prompt_area import PromptArea


class PromptActions:
    """Writes into the prompt of a comparison.

    Args:
        area: The text area of the prompt.
        drafts: The prompts that were sent before.
        attaching: Adds files to the prompt.
        ask: Opens a window and waits for its result.
        edit: Has a text edited in the user's editor; returns the new text.
        say: Writes the line of words.
    """

    def __init__(
        self,
        area: PromptArea,
        drafts: Drafts,
        attaching: Attaching,
        *,
        ask: Ask,
        edit: Callable[[str], str],
        say: Say,
    ) -> None:
        self._area = area
        self._drafts = drafts
        self._ask = ask
        self._attaching = attaching
        self._edit = edit
        self._say = say
        self._recall = Recall(drafts, area)

    async def recall(self, step: int, before: str) -> None:
        """Show an older (1) or newer (-1) prompt."""
        await self._recall.step(step, before)

    async def history(self) -> None:
        """Have a prompt chosen among those that were sent before."""
        from groqchat.ui.dialogs.prompt_history import find_prompt

        await find_prompt(self._ask, self._drafts, self._area)

    async def attach(self, written: str) -> bool:
        """Add a file below the prompt; returns whether that could be done."""
        try:
            if written:
                await self._attaching.attach(written)
        except StorageError as error:
            self._say(f"Nothing is attached: {error.facts.detail}.", "$text-warning")
            return False
        if not written:
            self._say("Write /attach and a path, or @path in the prompt.")
        return bool(written)

    async def show_chip(self) -> None:
        """Show the file or the long paste at the cursor."""
        from groqchat.ui.dialogs.chip_viewer import NO_CHIP, show_nearest_chip

        if not await show_nearest_chip(self._area, self._ask):
            self._say(NO_CHIP)

    async def editor(self) -> None:
        """Have the prompt edited in the user's editor."""
        self._area.write(self._edit(self._area.text))
