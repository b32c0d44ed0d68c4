"""Text that is selected or cut is copied by every way that commands use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from groqchat.ui.terminal.textual_internals import remember_copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.worker import Worker


class Copying(App[str]):
    """Textual's own copy is sent to the terminal alone, and GNU screen prints it."""

    # Whether what was selected is copied without a key; set by whoever knows the settings.
    copies_selections: Callable[[], bool] = staticmethod(lambda: False)

    def on_text_selected(self) -> None:
        """Copy what was selected with the mouse, if that is set."""
        if self.copies_selections() and (text := self.screen.get_selected_text()):
            self.copy_to_clipboard(text)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text that was selected or cut."""
        remember_copy(self, text)  # which a field may paste at once
        self._copy(text)

    def _copy(self, text: str) -> Worker[None]:
        async def copied() -> None:
            # Only now: the first frame does without programs.
            from groqchat.ui.terminal.clipboard import copy

            await copy(self, text)

        return self.run_worker(copied, group="copy", exit_on_error=False)
