"""Compactions under way: each belongs to its session, and goes on whichever session is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.sessions.opening import LONGEST_TITLE, NOT_COMPACTED
from groqchat.ui.sessions.running_requests import all_answered, in_reserved_session
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.services.turns.compaction import Compaction
    from groqchat.services.turns.ports import Asking
    from groqchat.ui.workspace.workspace import Workspace


class RunningCompactions:
    """Carries compactions out, one a session at most; meanwhile nothing else is asked there.

    Args:
        workspace: The parts of the chat.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        # Called with the session when a compaction has ended, and whether it was carried out.
        self.ended: Callable[[str, bool], None] = lambda _session_id, _is_done: None
        # The compactions that broke off, by their sessions, with what was answered for them.
        self.unfinished: dict[str, Compaction] = {}

    async def resume(
        self, ask: Asking, compaction: Compaction, waiting_out: GroqchatError | None
    ) -> bool:
        """Go on with a compaction that broke off, as `carry_out`; a refusal is waited out."""

        async def begins() -> None:
            """Nothing has to be put away."""

        return await self.carry_out(ask, compaction, begins, waiting_out)

    async def carry_out(
        self,
        ask: Asking,
        compaction: Compaction,
        begins: Callable[[], Awaitable[None]],
        waiting_out: GroqchatError | None = None,
    ) -> bool:
        """Make a conversation shorter; what is left unfinished changes nothing.

        It goes on where whoever waits for it is cancelled.

        Args:
            ask: Has the requests for summaries answered.
            compaction: The compaction of a session in which nothing runs.
            begins: Called once the session is taken.
            waiting_out: A refusal that is waited out first.

        Returns:
            Whether the shorter conversation is on the screen now.
        """
        session_id = compaction.session.id
        is_done = is_shown = False

        async def run(stopped: asyncio.Event) -> None:
            nonlocal is_done, is_shown
            await begins()
            self.unfinished[session_id] = compaction
            mark = await self._noted(ask, compaction, stopped, waiting_out)
            is_done = mark is not None
            if is_done:
                self.unfinished.pop(session_id, None)
            if mark is not None and self._is_here(compaction):
                await self._show(mark)
                is_shown = True

        await in_reserved_session(
            self._workspace, session_id, run, lambda: self.ended(session_id, is_done)
        )
        return is_shown

    def _is_here(self, compaction: Compaction) -> bool:
        return self._workspace.conversation.session.id == compaction.session.id

    async def _noted(
        self,
        ask: Asking,
        compaction: Compaction,
        stopped: asyncio.Event,
        waiting_out: GroqchatError | None,
    ) -> Message | None:
        """Carry a compaction out; None where it was not, and the session is as it was."""
        async with compaction:
            if await all_answered(
                self._workspace.conversation, ask, compaction, stopped, waiting_out
            ):
                return await compaction.finish()
        await self._tell_given_up(compaction)
        return None

    async def _tell_given_up(self, compaction: Compaction) -> None:
        workspace = self._workspace
        if self._is_here(compaction):
            await workspace.conversation.show_branch(compaction.origin_id)
            await workspace.figures.refresh()
            workspace.notify(NOT_COMPACTED, severity="warning")
        else:
            title = line(compaction.session.title, LONGEST_TITLE)
            workspace.notify(
                f"“{title}” was not compacted; it goes on as it was before.", severity="warning"
            )

    async def _show(self, mark: Message) -> None:
        """Stand at the note about what was done, in its session."""
        workspace, conversation = self._workspace, self._workspace.conversation
        if mark.session_id == conversation.session.id:
            await conversation.show_branch(mark.id)
        else:
            session = await workspace.services.store.session(mark.session_id)
            text = workspace.composer.text
            if session is not None:
                workspace.composer.text = ""  # what was written goes along, as no draft of both
                await conversation.open(session)
                workspace.prompt.offer(text)
        await workspace.figures.refresh()
