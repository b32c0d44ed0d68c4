"""The connections to one server, with what httpx leaves undone."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import httpx

from groqchat.provider.http.unpacking import unpacked

if TYPE_CHECKING:
    import ssl

MOST_CONNECTIONS = 100
# A peer that is gone is noticed within 19 s, so before a connection at rest is too old.
_ALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3}
_LONGEST_NAP_S = 5.0


class Pool(httpx.AsyncHTTPTransport):
    """Connections to one server, by one way.

    Args:
        tls: The certificates that the server is checked against.
        proxy: The proxy on the way, if there is one.
        keep_s: Seconds that a connection is kept without being used.
    """

    def __init__(self, tls: ssl.SSLContext, proxy: httpx.Proxy | None, *, keep_s: float) -> None:
        super().__init__(
            verify=tls,
            # The variables of the environment are read elsewhere, with care.
            trust_env=False,
            limits=httpx.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=keep_s),
            proxy=proxy,
            socket_options=_socket_options(),
        )
        self._ahead_s = _ahead_s()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, once; returns with the headers of the answer.

        Raises:
            httpx.ConnectError: Nothing of it was sent.
            httpx.ConnectTimeout: Likewise.
            httpx.ProxyError: Likewise.
        """
        await self._drop_what_slept()
        course = _Course()
        request.extensions["trace"] = course.note
        try:
            return unpacked(await super().handle_async_request(request))
        except httpx.TimeoutException as error:
            if course.has_sent:
                raise
            raise httpx.ConnectTimeout(str(error), request=request) from error
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            if course.has_sent or isinstance(error, httpx.ConnectError):
                raise
            raise httpx.ConnectError(str(error), request=request) from error

    async def _drop_what_slept(self) -> None:
        """Give up the connections at rest where the machine slept: nobody counted their time."""
        before, self._ahead_s = self._ahead_s, _ahead_s()
        if abs(self._ahead_s - before) > _LONGEST_NAP_S:
            for connection in self._pool.connections:
                if connection.is_idle():
                    await connection.aclose()


def _ahead_s() -> float:
    """How far the clock on the wall is ahead of the one that stands still in a machine's sleep."""
    return time.time() - time.monotonic()


def _socket_options() -> list[tuple[int, int, int]]:
    """TCP's own keep-alive, as far as this system lets it be set."""
    known = ((getattr(socket, name, None), value) for name, value in _ALIVE.items())
    options = [(socket.IPPROTO_TCP, name, value) for name, value in known if name is not None]
    return [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), *options]


class _Course:
    """How far a request came, as httpcore's extension ``trace`` tells.

    Attributes:
        has_sent: Whether the server may have read some of it.
    """

    def __init__(self) -> None:
        self.has_sent = False
        self._to_proxy: Any = None

    async def note(self, event: str, told: dict[str, Any]) -> None:
        """Take note of a step."""
        if event.endswith(".send_request_headers.started"):
            # CONNECT is for the proxy alone.
            self.has_sent = self.has_sent or told["request"].method != b"CONNECT"
        elif event == "socks.connect_tcp.complete":
            self._to_proxy = told["return_value"]
        elif event == "socks.setup_socks5_connection.failed":
            await self._to_proxy.aclose()  # httpcore 1.0.9 leaves it open
