"""Takes up what other processes have written: requests of scripts, and of other chats."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.services.ports import Ledger
    from groqchat.ui.conversation.conversation import Conversation

# How often the database is asked whether others have written, in seconds. It costs a third of a
# millisecond.
LOOKS_S = 2.0


class LedgerWatch:
    """Asks the database whether other processes have written it, and shows what changed.

    Args:
        ledger: The recorded requests.
        conversation: The conversation; nothing is read while a turn runs in any session.
        refresh: Shows the figures and the sessions as they are stored now.
        is_on_top: Whether no window lies over the chat.
    """

    def __init__(
        self,
        ledger: Ledger,
        conversation: Conversation,
        *,
        refresh: Callable[[], Awaitable[None]],
        is_on_top: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._conversation = conversation
        self._refresh = refresh
        self._is_on_top = is_on_top
        self._seen: int | None = None

    async def begin(self) -> None:
        """Look at intervals from now on; what was written before is about to be read."""
        with suppress(StorageError):  # is told where something is read
            self._seen = await self._ledger.version()
        self._conversation.set_interval(LOOKS_S, self._look)

    async def _look(self) -> None:
        if self._conversation.turns.running or not self._is_on_top():
            return
        with suppress(StorageError):
            version = await self._ledger.version()
            if version != self._seen:
                self._seen = version
                await self._refresh()
