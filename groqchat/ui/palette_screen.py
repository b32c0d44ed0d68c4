"""The palette's window, which closes only itself."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette


class PaletteScreen(CommandPalette):
    """Textual's own; there, Enter pressed twice in a hurry closes the screen below it, too."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
