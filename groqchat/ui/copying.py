"""What is selected or cut is copied by every way, as what commands copy is."""

from __future__ import annotations

from textual.app import App


class Copying(App[str]):
    """Textual's own copy is sent to the terminal alone, and GNU screen prints it."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text that was selected or cut."""
        self._clipboard = text  # which a field may paste at once
        self.run_worker(_copy(self, text), group="copy", exit_on_error=False)


async def _copy(app: App[str], text: str) -> None:
    # Only now: the first frame does without programs.
    from groqchat.ui.clipboard import copy

    await copy(app, text)
