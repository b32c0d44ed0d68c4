"""Copies of the last requests, also of those that another process has sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.turns.requests import RequestBuilder

if TYPE_CHECKING:
    from groqchat.domain.tools.tool import Tool
    from groqchat.domain.turns.chat import Message, Options
    from groqchat.domain.turns.request_copy import SentRequest
    from groqchat.services.ports import SessionStore
    from groqchat.services.turns.sent_requests import SentRequests
    from groqchat.services.turns.vendor import Vendor


class RequestCopies:
    """Copies of requests for people who want to send them in another way.

    Args:
        sent: The requests of this process.
        store: Where conversations live.
        vendor: Answers at Groq.
    """

    def __init__(self, sent: SentRequests, store: SessionStore, vendor: Vendor) -> None:
        self._sent = sent
        self._store = store
        self._vendor = vendor

    async def last(
        self, prompt: Message, options: Options, tools: tuple[Tool, ...] = ()
    ) -> SentRequest:
        """The last request of the session of a prompt.

        Args:
            prompt: The last prompt, or result of a tool, whose request is made anew where another
                process sent it.
            options: Model and parameters for that.
            tools: The tools that it offers then.

        Raises:
            StorageError: The messages cannot be read.
        """
        if (sent := self._sent.last(prompt.session_id)) is not None:
            return sent
        building = RequestBuilder(self._store, tools).build(self._vendor, prompt, options, None)
        return self._vendor.described(await building)
