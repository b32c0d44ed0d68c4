"""The window with the deleted sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.domain.sessions.groups import days_left
from groqchat.domain.text.humanize import counted
from groqchat.domain.turns.chat import Session
from groqchat.services.sessions.dates import day_name
from groqchat.ui.dialogs.confirm import Confirm
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import LivePicker, Row
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.ui.services import Services


class BinScreen(LivePicker[Session]):
    """The session that was restored, or None.

    Args:
        services: The services.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "remove", show=False, priority=True),
        Binding("f8", "empty", show=False, priority=True),
    ]
    heading = "Bin"
    purpose = (
        "Deleted sessions. They stay here for 30 days and can be restored, or deleted for good."
    )
    guide = "sessions"
    asks = "Part of a title"
    nothing = "No deleted session."

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._bin, self._store = services.bin, services.store
        self._now = services.clock.now

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter restores; what cannot be undone asks."""
        return (
            KeyHint("Enter", "restore", "enter"),
            KeyHint("F6", "delete for good", "f6"),
            KeyHint("F8", "empty the bin", "f8"),
            KeyHint("↑↓", "move"),
            CLOSE,
        )

    async def look_up(self, query: str) -> Sequence[Row[Session]]:
        """The deleted sessions with a part of their title, the last deleted first."""
        wanted = query.strip().casefold()
        found = await self._bin.sessions()
        return [(self._row(each), each) for each in found if wanted in each.title.casefold()]

    def describe(self, value: Session) -> Content:
        """When a session was deleted, and how long it stays."""
        now = self._now()
        deleted = value.deleted or now
        left = counted(days_left(deleted, now), "day")
        when = day_name(deleted, now)
        return Content(f"{counted(value.turns, 'turn')} · deleted: {when} · kept for {left} more")

    def _row(self, session: Session) -> Content:
        tags = "".join(f"  #{tag}" for tag in session.tags)
        return Content.assemble(line(session.title, 80) or "New session", (tags, "$text-muted"))

    def choose(self, value: Session) -> None:
        """Restore a session."""
        self.run_worker(self._restore(value), group="bin")

    async def _restore(self, session: Session) -> None:
        await self._bin.restore([session.id])
        self.finish(session)

    def action_remove(self) -> None:
        """Delete the highlighted session for good, when confirmed."""
        if (session := self.highlighted) is not None:
            question = f"Delete “{line(session.title, 80)}” for good? Nothing brings it back."
            self.run_worker(self._remove(question, [session.id]), group="bin")

    def action_empty(self) -> None:
        """Delete all sessions in the bin for good, when confirmed."""
        self.run_worker(self._empty(), group="bin")

    async def _empty(self) -> None:
        found = await self._bin.sessions()
        if found:
            number = counted(len(found), "session")
            question = f"Delete {number} in the bin for good? Nothing brings them back."
            await self._remove(question, [each.id for each in found])

    async def _remove(self, question: str, session_ids: Sequence[str]) -> None:
        if await self.app.push_screen_wait(Confirm(question, "Delete for good")):
            await self._store.delete_sessions(session_ids)
            self.narrow(self.line.value)
