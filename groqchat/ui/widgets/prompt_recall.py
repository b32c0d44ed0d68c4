"""Goes through the prompts sent before, as the arrows do in an empty composer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.ui.services import Drafts
    from groqchat.ui.widgets.prompt_area import PromptArea


class Recall:
    """Puts one prompt after another where they are written.

    Args:
        drafts: Knows them.
        area: Where they go.
    """

    def __init__(self, drafts: Drafts, area: PromptArea) -> None:
        self._drafts = drafts
        self._area = area
        self._at = -1

    async def step(self, step: int, before: str) -> None:
        """Recall an older (1) or newer (-1) prompt; the field is empty past the newest.

        What is no longer as it was ``before``, when one was asked for, stays.
        """
        prompts = await self._drafts.prompts()
        if self._area.text != before:
            return
        if not self._area.is_recalling:
            self._at = -1
        self._at = max(-1, min(len(prompts) - 1, self._at + step))
        self._area.recall(prompts[self._at] if self._at >= 0 else "")
