"""The keys that write the prompt of a comparison: earlier prompts, and an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.widgets.prompt_recall import Recall

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.services import Drafts
    from groqchat.ui.widgets.prompt_area import PromptArea


class PromptActions:
    """Writes into the prompt of a comparison.

    Args:
        area: The text area of the prompt.
        drafts: The prompts that were sent before.
        ask: Opens a window and waits for its result.
        edit: Has a text edited in the user's editor; returns the new text.
    """

    def __init__(
        self, area: PromptArea, drafts: Drafts, ask: Ask, edit: Callable[[str], str]
    ) -> None:
        self._area = area
        self._drafts = drafts
        self._ask = ask
        self._edit = edit
        self._recall = Recall(drafts, area)

    async def recall(self, step: int, before: str) -> None:
        """Show an older (1) or newer (-1) prompt."""
        await self._recall.step(step, before)

    async def history(self) -> None:
        """Have a prompt chosen among those that were sent before."""
        from groqchat.ui.dialogs.prompt_history import find_prompt

        await find_prompt(self._ask, self._drafts, self._area)

    async def editor(self) -> None:
        """Have the prompt edited in the user's editor."""
        self._area.write(self._edit(self._area.text))
