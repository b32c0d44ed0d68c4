"""A field for a secret, which shows nothing of it and gives none of it away."""

from __future__ import annotations

from textual.actions import SkipAction
from textual.widgets import Input


class MaskedInput(Input):
    """A masked field; nothing of it gets to the clipboard, which other programs read."""

    def action_copy(self) -> None:
        """Leave the key press to others."""
        raise SkipAction

    def action_cut(self) -> None:
        """Take out what is selected."""
        self.delete_selection()
