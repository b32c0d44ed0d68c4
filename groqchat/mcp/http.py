"""A server at an address: its client, with the token, bounded answers and the last status."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

    import httpx2
    from mcp.client._transport import TransportStreams

    from groqchat.domain.text.secret import Secret
    from groqchat.domain.tools.servers import McpServer

# The longest answer of a server, in bytes; the SDK bounds the events of a stream itself.
LONGEST_ANSWER: Final = 8 * 1024 * 1024
CONNECT_S: Final = 30.0
# The longest that is waited to learn which transport answers, in seconds.
PROBE_S: Final = 5.0
_EVENTS: Final = "text/event-stream"
_METADATA: Final = "resource_metadata="


class Address:
    """The address of a server, and what it answered last.

    Attributes:
        status: The HTTP status of the last answer; None before the first.
        is_oauth: Whether it said that tokens are got by signing in with OAuth (RFC 9728).
        reason: Why an answer was cut off, as the end of a sentence; empty where none was.
    """

    def __init__(self, server: McpServer, token: Secret | None) -> None:
        self._server = server
        self._token = token
        self.status: int | None = None
        self.is_oauth = False
        self.reason = ""

    @asynccontextmanager
    async def streams(self) -> AsyncGenerator[TransportStreams, None]:
        """The streams of a transport of the SDK, for as long as the block runs."""
        import httpx2
        from mcp.client.streamable_http import streamable_http_client

        longest = max(self._server.call_s, self._server.start_s)
        timeout = httpx2.Timeout(CONNECT_S, read=longest)
        async with (
            self._client(timeout, self._look) as client,
            streamable_http_client(self._server.url, http_client=client) as streams,
        ):
            yield streams

    @property
    def has_token(self) -> bool:
        """Whether a token is sent."""
        return self._token is not None

    async def speaks_sse(self) -> bool:
        """Whether the older transport answers there, which the protocol tells by such a request."""
        import httpx2

        wanted = {"Accept": _EVENTS}
        with suppress(httpx2.HTTPError):
            async with (
                self._client(httpx2.Timeout(PROBE_S)) as client,
                client.stream("GET", self._server.url, headers=wanted) as answer,
            ):
                return answer.is_success and _is_stream(answer)
        return False

    def _client(
        self, timeout: httpx2.Timeout, *hooks: Callable[[httpx2.Response], Awaitable[None]]
    ) -> httpx2.AsyncClient:
        import httpx2

        return httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {self._token.reveal()}"} if self._token else {},
            timeout=timeout,
            event_hooks={"response": [*hooks]},
            # Plain HTTP is for this machine alone, and goes through no proxy.
            trust_env=self._server.url.startswith("https://"),
        )

    async def _look(self, response: httpx2.Response) -> None:
        """Keep the status, and bound what is read of the answer."""
        self.status = response.status_code
        self.is_oauth |= _METADATA in response.headers.get("www-authenticate", "")
        if not _is_stream(response):
            response.stream = _bounded(response.stream, self)


def _is_stream(response: httpx2.Response) -> bool:
    return response.headers.get("content-type", "").startswith(_EVENTS)


def _bounded(stream: object, address: Address) -> httpx2.AsyncByteStream:
    import httpx2

    class Bounded(httpx2.AsyncByteStream):
        """The body of an answer, which ends in an error where it is too long."""

        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            assert isinstance(stream, httpx2.AsyncByteStream)  # noqa: S101 - the client is async
            async for piece in stream:
                read += len(piece)
                if read > LONGEST_ANSWER:
                    address.reason = f"it sent more than {LONGEST_ANSWER // 2**20} MB at once"
                    raise httpx2.StreamError(address.reason)
                yield piece

        async def aclose(self) -> None:
            if isinstance(stream, httpx2.AsyncByteStream):
                await stream.aclose()

    return Bounded()
