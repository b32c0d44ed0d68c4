"""The last request of each session, as it was sent."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.domain.turns.request_copy import SentRequest
    from groqchat.services.ports import ChatProvider

_MOST = 20


class SentRequests:
    """Keeps the last requests of some sessions in memory."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[ChatProvider, ChatRequest]] = OrderedDict()

    def note(self, session_id: str, provider: ChatProvider, request: ChatRequest) -> None:
        """Keep a request that is about to be sent."""
        self._last[session_id] = provider, request
        self._last.move_to_end(session_id)
        while len(self._last) > _MOST:
            self._last.popitem(last=False)

    def last(self, session_id: str) -> SentRequest | None:
        """The last request of a session; None where it was sent by another process."""
        if session_id not in self._last:
            return None
        provider, request = self._last[session_id]
        return provider.described(request)
