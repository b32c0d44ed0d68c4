"""What answers prompts, with or without tools of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message, Options, Session, TurnEvent
    from groqchat.services.turns.sizing import RequestPreview


class Asking(Protocol):
    """The part of :class:`~groqchat.services.turns.chat.Turns` that chats need."""

    def ask(
        self,
        session: Session,
        prompt: str | Message,
        options: Options,
        *,
        parent_id: str | None = None,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        skip_wait: asyncio.Event | None = None,
        is_checked: bool = True,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Answer a prompt; see :meth:`groqchat.services.turns.chat.Turns.ask`."""

    async def store_prompt(self, session: Session, text: str, parent_id: str | None) -> Message:
        """Store a prompt that several answers will be asked for; a new session is created."""

    def without_fallback(self) -> Asking:
        """Turns like these, without the route to other models."""

    async def preview(self, parent_id: str | None, options: Options) -> RequestPreview:
        """The request of a prompt that is still being written."""
