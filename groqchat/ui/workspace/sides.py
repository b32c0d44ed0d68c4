"""The sides of the chat: beside the conversation where its text keeps its room, else over it."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError

if TYPE_CHECKING:
    from groqchat.ui.chat.screen import ChatScreen

# Columns that the text keeps, and what its gutter, margin and scrollbar take.
TEXT, AROUND_TEXT = 80, 4
# Below this width, in columns, nothing opens beside the text by itself.
NARROWEST = 110


class Side(Enum):
    """A side: its name in classes and settings, and its least width in columns."""

    PANEL = "panel", 36
    SESSIONS = "sessions", 26

    @property
    def setting(self) -> str:
        """The setting that says whether it is wanted beside the text."""
        return f"show_{self.value[0]}"

    @property
    def over(self) -> str:
        """The class of a screen over whose text it lies."""
        return f"-show-{self.value[0]}"

    @property
    def beside(self) -> str:
        """The class of a screen beside whose text it stands."""
        return f"-{self.value[0]}-beside"


def fitting_sides(width: int, wanted: frozenset[Side]) -> frozenset[Side]:
    """The sides that stand beside the text at a width: the panel first, then the sessions."""
    room = width - TEXT - AROUND_TEXT if width >= NARROWEST else 0
    fitting = set()
    for side in (side for side in Side if side in wanted):
        room -= side.value[1]
        if room < 0:
            break
        fitting.add(side)
    return frozenset(fitting)


class Sides:
    """Shows and hides the sides of a chat screen; what is chosen where there is room is kept.

    Args:
        screen: The chat screen.
        wanted: The sides that the user wants beside the text.
    """

    def __init__(self, screen: ChatScreen, wanted: frozenset[Side]) -> None:
        self._screen = screen
        self._wanted = wanted
        self._width = 0

    def fit(self, width: int) -> None:
        """The screen is so many columns wide now."""
        self._width = width
        fitting = fitting_sides(width, self._wanted)
        for side in Side:
            self._screen.set_class(side in fitting, side.beside)
            if side in fitting:
                self._screen.remove_class(side.over)
        self._screen.set_class(Side.PANEL not in fitting, "-narrow")

    def put_away(self) -> None:
        """Fold away what lies over the conversation."""
        self._screen.remove_class(*(side.over for side in Side))

    async def toggle(self, side: Side) -> None:
        """Hide it, or show it: over the conversation where there is no room beside."""
        screen = self._screen
        if screen.has_class(side.over):
            screen.remove_class(side.over)
        elif screen.has_class(side.beside):
            await self.want(side, is_wanted=False)
        elif side in fitting_sides(self._width, self._wanted | {side}):
            await self.want(side, is_wanted=True)
        else:
            screen.add_class(side.over)

    async def visit_sessions(self) -> None:
        """Go to the list, shown for that where it is hidden; from there, hide it or keep it."""
        screen, side = self._screen, Side.SESSIONS
        if not screen.session_list.has_focus_within:
            if not screen.has_class(side.beside):
                screen.add_class(side.over)
            screen.session_list.enter()
            return
        is_hidden = screen.has_class(side.over)
        may_stand = side in fitting_sides(self._width, self._wanted | {side})
        screen.remove_class(side.over)
        if not is_hidden or (may_stand and side not in self._wanted):
            await self.want(side, is_wanted=is_hidden)
        if not screen.has_class(side.beside):
            screen.prompt.focus()

    async def want(self, side: Side, *, is_wanted: bool) -> None:
        """Want it beside the text or not, now and when the program is started again."""
        self._wanted = self._wanted | {side} if is_wanted else self._wanted - {side}
        self._screen.remove_class(side.over)
        self.fit(self._width)
        try:
            change = self._screen.parts.change_setting
            await asyncio.to_thread(change, side.setting, is_wanted)
        except StorageError as error:
            self._screen.troubles.show(error)
