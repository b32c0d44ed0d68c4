"""The window of the command palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette

from groqchat.ui.widgets.text import KeyHint

if TYPE_CHECKING:
    from collections.abc import Sequence


class PaletteScreen(CommandPalette):
    """Textual's command palette, framed as the other windows are.

    In Textual's own, Enter pressed twice in a hurry closes the screen below it, too, and page keys
    end the program while the list has no size: right after it was shown, or on a small screen.
    """

    DEFAULT_CSS = """
    PaletteScreen { background: $background 70%; }
    PaletteScreen > Vertical { width: 90%; max-width: 100; background: $surface; }
    PaletteScreen #--input { border: round $border; background: $surface; }
    PaletteScreen #--input.--list-visible { border-bottom: none; }
    PaletteScreen SearchIcon { display: none; }
    PaletteScreen CommandInput, PaletteScreen CommandInput:focus {
        border: none; height: 1; padding: 0 1; margin: 0 0 1 0;
    }
    PaletteScreen CommandList {
        border: round $border; border-top: none; background: $surface;
    }
    PaletteScreen CommandList > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }
    PaletteScreen CommandList > .option-list--option { padding: 0 1; text-style: none; }
    """

    heading = "Command palette"
    purpose = "Everything the chat can do, by name. Type a word of it, then press Enter."
    guide = "chat"

    def hints(self) -> Sequence[KeyHint]:
        """The keys, which F1 shows."""
        return (KeyHint("Enter", "run"), KeyHint("↑↓", "move"), KeyHint("Esc", "close"))

    def _action_command_list(self, action: str) -> None:
        """Move in the list where it has been laid out; see ``PagedOptionList``."""
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close this window, and no other one."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
