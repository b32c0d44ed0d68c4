"""The window of the command palette."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette


class PaletteScreen(CommandPalette):
    """Textual's command palette, framed as the other windows are.

    In Textual's own, Enter pressed twice in a hurry closes the screen below it, too.
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

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close this window, and no other one."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
