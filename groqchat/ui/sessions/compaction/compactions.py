"""Compactions of the open session as every chat offers them: which ways there are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.sessions.options import keeping
from groqchat.domain.turns.message_kind import MessageKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.domain.turns.chat import Message, Session
    from groqchat.domain.turns.compaction import Plan
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.compactor import Outgrown
    from groqchat.ui.workspace.parts import ChatParts


@dataclass(frozen=True, slots=True)
class Asked:
    """A compaction that is wanted: by which account, of which session, and who hears it begin."""

    connection: Connection
    session: Session
    begins: Callable[[Plan], Awaitable[None]] | None = None


class Compactions(ABC):
    """Knows the ways to make the open session shorter.

    Args:
        parts: The parts of the chat.
    """

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    def asked(
        self,
        connection: Connection,
        begins: Callable[[Plan], Awaitable[None]] | None = None,
    ) -> Asked:
        """What is wanted now, for the open session."""
        conversation = self._parts.conversation
        return Asked(connection, keeping(conversation.session, conversation.options), begins)

    async def automatic_plan(
        self, connection: Connection, parent_id: str, text: str
    ) -> Plan | None:
        """The way that the session goes unasked before a prompt; None where there is room."""
        parts = self._parts
        model = parts.services.settings.summary_model
        return await connection.compactor.automatic_plan(
            parent_id, text, parts.options, model=model
        )

    async def plans(
        self,
        connection: Connection,
        parent_id: str,
        outgrown: Outgrown | None,
        *,
        model: str = "",
        turns: int = 0,
    ) -> Sequence[Plan]:
        """The ways to make the open session shorter; see `Compactor.plans`."""
        return await connection.compactor.plans(
            parent_id,
            self._parts.options,
            outgrown,
            model=model or self._parts.services.settings.summary_model,
            turns=turns,
        )

    async def plans_for(self, connection: Connection, prompt: Message) -> Sequence[Plan]:
        """The ways to make the conversation before a stored prompt shorter; none where it is short.

        A server that refused it may know a lower limit than is known here.
        """
        if prompt.parent_id is None or prompt.kind is MessageKind.SUMMARY:
            return ()
        outgrown = await connection.compactor.outgrown(
            prompt.parent_id, prompt.content, self._parts.options
        )
        return await self.plans(connection, prompt.parent_id, outgrown)

    async def plans_at_end(self, connection: Connection) -> Sequence[Plan]:
        """The ways to make the conversation before the last prompt shorter."""
        prompt = await self._parts.conversation.branch.last_prompt()
        return await self.plans_for(connection, prompt) if prompt else ()

    @abstractmethod
    async def chosen(
        self, asked: Asked, plans: Sequence[Plan], outgrown: Outgrown | None, leaf_id: str
    ) -> bool:
        """Have a way chosen, and carried out; False where nothing is to be sent behind it."""

    @abstractmethod
    async def carry_out(
        self, asked: Asked, plan: Plan, leaf_id: str, *, is_automatic: bool = False
    ) -> bool:
        """Make a conversation shorter; False where it is not."""
