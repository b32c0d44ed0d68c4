"""Comparisons that were left while their answers are written: they go on, and are found again."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.ui.sessions.opening import LONGEST_TITLE
from groqchat.ui.widgets.session_list import TurnMark
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping, Sequence

    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.sessions.opening import SessionListing
    from groqchat.ui.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Left:
    """A screen that was left, and what keeps its session for it."""

    screen: CompareScreen
    reservation: ExitStack


class LeftComparisons:
    """Holds the screens of comparisons that go on behind the chat, by their sessions.

    Args:
        workspace: The parts of the chat.
        listing: The list of sessions.
    """

    def __init__(self, workspace: Workspace, listing: SessionListing) -> None:
        self._workspace = workspace
        self._listing = listing
        self._left: dict[str, _Left] = {}

    @property
    def ids(self) -> Sequence[str]:
        """The sessions whose answers are being written behind the chat."""
        return list(self._left)

    @property
    def marks(self) -> Mapping[str, TurnMark]:
        """What each of them does, as the list shows it."""
        return {
            id_: TurnMark.ASKING if left.screen.state.approving.is_asking else TurnMark.WRITING
            for id_, left in self._left.items()
        }

    def keep(self, screen: CompareScreen) -> None:
        """Let a comparison go on whose screen was left; its session is taken meanwhile.

        The screen is installed in the app, which keeps it.
        """
        session_id, reservation = screen.comparison.session.id, ExitStack()
        turns = self._workspace.conversation.turns
        stopped = reservation.enter_context(turns.reserved(session_id))
        self._left[session_id] = _Left(screen, reservation)
        screen.job_ended = lambda: self._ended(session_id)
        screen.state.approving.changed = self._listing.show_marks
        self._workspace.run(self._stop_when_told(screen, stopped), group="comparison")
        if not screen.is_busy:
            self._ended(session_id)

    async def _stop_when_told(self, screen: CompareScreen, stopped: asyncio.Event) -> None:
        """Stop the answers where their session is to be deleted."""
        await stopped.wait()
        left = self._left.get(screen.comparison.session.id)
        if left is not None and left.screen is screen:
            screen.job_ended = _nothing
            await screen.jobs.stop()
            await self._put_away(screen.comparison.session.id)

    def take(self, session_id: str) -> CompareScreen | None:
        """Give the screen of a comparison back, to be shown again; None where there is none."""
        left = self._left.pop(session_id, None)
        if left is None:
            return None
        left.reservation.close()
        left.screen.job_ended = left.screen.state.approving.changed = _nothing
        left.screen.app.uninstall_screen(left.screen)
        return left.screen

    def _ended(self, session_id: str) -> None:
        self._workspace.run(self._put_away(session_id), group="comparison")

    async def _put_away(self, session_id: str) -> None:
        """Close the screen of a comparison that is answered; its session opens with its columns."""
        screen, store = self.take(session_id), self._workspace.services.store
        if screen is None:
            return
        await screen.remove()
        session = await store.session(session_id)
        if session is not None:
            await store.note_end(session_id, TurnMark.UNREAD.name.lower())
            title = line(session.title, LONGEST_TITLE)
            self._workspace.notify(f"“{title}” is answered. Ctrl+S leads to the comparison.")
        await self._listing.refresh()


def _nothing() -> None:
    """No screen is put away and no mark shown: its end is seen, or awaited, elsewhere."""
