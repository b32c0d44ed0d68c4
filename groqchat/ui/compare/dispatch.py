"""Finds the method for a deed of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.compare.column_actions import ColumnActions
from groqchat.ui.compare.judging_actions import JudgingActions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.compare.side import Side


class CompareDeeds:
    """All deeds of a comparison, by their ids.

    Args:
        screen: The comparison.
    """

    def __init__(self, screen: CompareScreen) -> None:
        self._judging = JudgingActions(screen)
        self._columns = ColumnActions(screen, self._judging)

    async def run(self, deed: str) -> None:
        """Do it.

        Raises:
            LookupError: There is no such deed: a mistake in the table of deeds.
        """
        for group in (self._judging, self._columns):
            method: Callable[[], Awaitable[None]] | None = getattr(group, f"do_{deed}", None)
            if method is not None:
                await method()
                return
        raise LookupError(deed)

    async def pick(self, side: Side) -> None:
        """Name the best answer; once more goes on with it."""
        if side.is_answered and self._judging.is_winner(side):
            await self._columns.go_on_with(side)
        else:
            await self._judging.pick(side)
