"""Commands that show and hide the sides of the chat; what is wanted beside the text is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.commands import OFF
from groqchat.ui.workspace.sides import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.session_list import SessionList
    from groqchat.ui.workspace.sides import Sides


class SideActions:
    """Commands about the panel and the list of sessions.

    Args:
        sides: The sides on the screen.
        session_list: The list of sessions, which gets the focus.
        area: The text area of the composer, which gets the focus back.
        notify: Shows a notice.
        keep: Writes a setting; may raise ``StorageError``.
        show_error: Shows an error.
    """

    def __init__(
        self,
        sides: Sides,
        session_list: SessionList,
        area: PromptArea,
        *,
        notify: Callable[[str], None],
        keep: Callable[[str, bool], object],
        show_error: Callable[[GroqchatError], None],
    ) -> None:
        self._sides = sides
        self._list = session_list
        self._area = area
        self._notify = notify
        self._keep = keep
        self._show_error = show_error

    async def toggle_quota(self, _: str) -> None:
        """Hide the panel where it is shown, else show it."""
        is_shown = self._sides.is_over(Side.PANEL) or self._sides.is_beside(Side.PANEL)
        await (self._hide_quota() if is_shown else self._open_quota())

    async def show_quota(self, argument: str) -> None:
        """Show the panel, or say that it is shown; ``off`` hides it."""
        sides, side = self._sides, Side.PANEL
        if argument == OFF:
            await self._hide_quota()
        elif sides.is_over(side) or sides.is_beside(side):
            self._notify("The panel is at the right. /quota off hides it.")
        else:
            await self._open_quota()

    async def _open_quota(self) -> None:
        """Show the panel: over the conversation where there is no room beside."""
        if self._sides.may_stand(Side.PANEL):
            await self._want(Side.PANEL, is_wanted=True)
        else:
            self._sides.lay_over(Side.PANEL)

    async def _hide_quota(self) -> None:
        sides, side = self._sides, Side.PANEL
        if sides.is_over(side):
            sides.take_off(side)
        elif sides.is_beside(side):
            await self._want(side, is_wanted=False)
            self._notify("The panel is hidden, also at the next start. /quota shows it again.")
        else:
            self._notify("The panel is not shown. /quota shows it.")

    async def show_sessions(self, argument: str) -> None:
        """Go to the list of sessions, or hide it: once more from there, or by ``off``.

        Other words are a filter of the list.
        """
        if argument == OFF:
            await self._want(Side.SESSIONS, is_wanted=False)
        elif self._list.has_focus_within:
            await self._leave_list()
        else:
            if not self._sides.is_beside(Side.SESSIONS):
                self._sides.lay_over(Side.SESSIONS)
            self._list.enter(argument)

    async def _leave_list(self) -> None:
        """Hide the list that stands beside the text; keep one that was shown over it."""
        self._list.leave()
        sides, side = self._sides, Side.SESSIONS
        is_over, may_stand = sides.is_over(side), sides.may_stand(side)
        sides.take_off(side)
        if not is_over or (may_stand and not sides.is_wanted(side)):
            await self._want(side, is_wanted=is_over)
        if not sides.is_beside(side):
            self._area.focus()

    async def _want(self, side: Side, *, is_wanted: bool) -> None:
        """Want a side beside the text or not, now and at the next start."""
        self._sides.want(side, is_wanted=is_wanted)
        try:
            await asyncio.to_thread(self._keep, side.setting, is_wanted)
        except StorageError as error:
            self._show_error(error)
