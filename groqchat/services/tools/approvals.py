"""What the user has said to calls of tools, and the calls that wait for a word.

Nothing runs by default. An approval is bound to the fingerprint of a tool: a source that changes
its description or its schema afterwards has to be approved again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.events import ApprovalAsked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from groqchat.domain.tools.tool import Tool, ToolCall
    from groqchat.services.ports import Clock
    from groqchat.services.tools.ports import ApprovalStore


class Approvals:
    """The approvals of one process.

    Args:
        store: The approvals that last.
        clock: Time.
    """

    def __init__(self, store: ApprovalStore, clock: Clock) -> None:
        self.store = store
        self._clock = clock
        self._of_session: defaultdict[str, set[str]] = defaultdict(set)
        self._waiting: dict[str, tuple[ApprovalAsked, asyncio.Future[Decision]]] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def revoke(self, source: str, session_id: str) -> list[str]:
        """Ask again before each call of a source; returns the tools that always ran unasked."""
        self._of_session.pop(session_id, None)
        kept = [each for each in await self.store.approvals() if each.source == source]
        for each in kept:
            await self.store.revoke(each.fingerprint)
        return [each.name for each in kept]

    async def stands(self, session_id: str, tool: Tool) -> bool:
        """Whether calls of a tool run unasked in a session."""
        is_here = tool.fingerprint in self._of_session[session_id]
        return is_here or await self.store.is_approved(tool.fingerprint)

    @asynccontextmanager
    async def one_at_a_time(self, session_id: str) -> AsyncIterator[None]:
        """Let a call of a session ask alone: the columns of a comparison share their session."""
        async with self._asking[session_id]:
            try:
                yield
            finally:
                self._waiting.pop(session_id, None)

    async def ask(self, session_id: str, tool: Tool, call: ToolCall) -> ApprovalAsked:
        """Note that a call waits for a word; a session has one such call at most.

        Raises:
            StorageError: The lasting approvals cannot be read.
        """
        named = [(each.source, each.name) for each in await self.store.approvals()]
        asked = ApprovalAsked(tool, call, has_changed=(tool.source, tool.name) in named)
        self._waiting[session_id] = asked, asyncio.get_running_loop().create_future()
        return asked

    def waiting(self, session_id: str) -> ApprovalAsked | None:
        """The call of a session that waits for a word."""
        found = self._waiting.get(session_id)
        return found[0] if found else None

    def decide(self, session_id: str, decision: Decision) -> None:
        """Give the word for which a session waits; where it waits for none, nothing happens."""
        found = self._waiting.get(session_id)
        if found is not None and not found[1].done():
            found[1].set_result(decision)

    async def decision(self, session_id: str) -> Decision:
        """The word for the call that waits in a session; what it allows for longer is kept.

        Raises:
            StorageError: A lasting approval cannot be stored.
        """
        asked, decided = self._waiting[session_id]
        decision = await decided
        self._waiting.pop(session_id, None)
        if decision is Decision.SESSION:
            self._of_session[session_id].add(asked.tool.fingerprint)
        elif decision is Decision.ALWAYS:
            await self.store.approve(asked.tool, self._clock.now())
        return decision
