"""The screen that a chat is mounted in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.screen import Screen

    from groqchat.ui.terminal.attention import Attention
    from groqchat.ui.widgets.composer import Composer
    from groqchat.ui.widgets.reports_errors import Run, RunAlone
    from groqchat.ui.workspace.sides import Sides


@dataclass(frozen=True, slots=True)
class ChatHost:
    """The screen that a chat is mounted in, with its composer, sides and workers."""

    screen: Screen[None]
    composer: Composer
    sides: Sides
    run: Run
    run_alone: RunAlone
    attention: Attention

    def is_on_top(self) -> bool:
        """Whether the chat is the active screen, with no window above it."""
        return self.screen.is_active
