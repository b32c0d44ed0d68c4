"""The request and the reply of one HTTP exchange."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"
HTML = "text/html; charset=UTF-8"
TEXT = "text/plain; charset=utf-8"
EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """A request. Header names are in lower case; ``path`` has no query."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def key(self) -> str:
        """The bearer key, or an empty string."""
        scheme, _, key = self.headers.get("authorization", "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply with a JSON body."""
    return Reply(status, dump(value), JSON, headers or {})


def dump(value: object) -> bytes:
    """Compact JSON, as Groq sends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class RefusedError(Exception):
    """A request that is refused with a reply."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(f"refused with {reply.status}")


class Exchange(Protocol):
    """The connection to the client, for whole replies and for streamed ones."""

    @property
    def request(self) -> Request:
        """The request that is being answered."""

    async def reply(self, reply: Reply) -> None:
        """Send a whole answer."""

    async def begin(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        """Send the head of an answer of unknown length."""

    async def write(self, data: bytes) -> None:
        """Send a piece of the body as one HTTP chunk.

        Raises:
            ConnectionError: The client has disconnected.
        """

    async def finish(self) -> None:
        """End the body properly."""

    async def cut(self) -> None:
        """Close the connection in the middle of the body."""

    async def reset(self) -> None:
        """Break the connection with a TCP reset."""

    async def until_gone(self) -> None:
        """Wait until the client has closed the connection."""
