"""Commands about errors: go to the newest one, look at the last ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.ui.chat.errors import ErrorReporter
    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.widgets.toasts import Toasts


class ErrorActions:
    """Commands about errors.

    Args:
        ask: Opens a window and waits for its result.
        toasts: The cards with errors.
        reporter: Shows errors, and keeps the last ones.
    """

    def __init__(self, ask: Ask, toasts: Toasts, reporter: ErrorReporter) -> None:
        self._ask = ask
        self._toasts = toasts
        self._reporter = reporter

    async def focus_toast(self, _: str) -> None:
        """Go to the newest error or wait, or bring back the error that was put away last."""
        if self._toasts.focus_newest():
            return
        newest = next(iter(self._reporter.log), None)
        if newest is None:
            self._toasts.notice("Nothing is wrong.")
        else:
            self._reporter.show_again(newest)

    async def list_errors(self, _: str) -> None:
        """Look at the last errors; one that is chosen comes back as a toast."""
        from groqchat.ui.chat.error_list import ErrorsScreen

        chosen = await self._ask(ErrorsScreen(self._reporter.log))
        if chosen is not None:
            self._reporter.show_again(chosen)
