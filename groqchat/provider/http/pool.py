"""A connection pool for one server."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any

import httpx

from groqchat.provider.http.connections import Connections
from groqchat.provider.http.decompression import decompressed
from groqchat.provider.http.joined_writes import JoiningBackend

if TYPE_CHECKING:
    import ssl

MOST_CONNECTIONS = 100
# A dead peer is noticed within 19 s, before an idle connection expires.
_ALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 3, "TCP_KEEPCNT": 3}
_LONGEST_NAP_S = 5.0


class Pool(httpx.AsyncHTTPTransport):
    """The connections to one server, through at most one proxy.

    Args:
        tls: The trusted certificates.
        proxy: The proxy, if there is one.
        keep_s: The lifetime of an idle connection, in seconds.
    """

    def __init__(self, tls: ssl.SSLContext, proxy: httpx.Proxy | None, *, keep_s: float) -> None:
        super().__init__(
            verify=tls,
            # `route` reads the environment.
            trust_env=False,
            limits=httpx.Limits(keepalive_expiry=keep_s),
            proxy=proxy,
            socket_options=_socket_options(),
        )
        self._pool._network_backend = JoiningBackend(self._pool._network_backend)
        self._pool = self._connections = Connections(self._pool, most=MOST_CONNECTIONS)
        self._wall_clock_lead_s = _wall_clock_lead_s()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request once; returns with the headers of the response.

        Raises:
            httpx.ConnectError: Nothing of the request was sent.
            httpx.ConnectTimeout: Nothing of the request was sent.
            httpx.ProxyError: Nothing of the request was sent.
        """
        await self._close_idle_after_sleep()
        progress = _Progress()
        request.extensions["trace"] = progress.note
        try:
            return decompressed(await super().handle_async_request(request))
        except httpx.TimeoutException as error:
            if progress.has_sent:
                raise
            raise httpx.ConnectTimeout(str(error), request=request) from error
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            if progress.has_sent or isinstance(error, httpx.ConnectError):
                raise
            raise httpx.ConnectError(str(error), request=request) from error

    async def _close_idle_after_sleep(self) -> None:
        """Close idle connections after the machine slept, since their lifetime was not counted."""
        before, self._wall_clock_lead_s = self._wall_clock_lead_s, _wall_clock_lead_s()
        if abs(self._wall_clock_lead_s - before) > _LONGEST_NAP_S:
            await self._connections.close_idle()


def _wall_clock_lead_s() -> float:
    """The seconds by which the wall clock leads the monotonic one, which stops during sleep."""
    return time.time() - time.monotonic()


def _socket_options() -> list[tuple[int, int, int]]:
    """The options for TCP keep-alive, as far as the system has them."""
    known = ((getattr(socket, name, None), value) for name, value in _ALIVE.items())
    options = [(socket.IPPROTO_TCP, name, value) for name, value in known if name is not None]
    return [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), *options]


class _Progress:
    """The progress of a request, from httpcore's extension ``trace``.

    Attributes:
        has_sent: Whether the server may have read a part of the request.
    """

    def __init__(self) -> None:
        self.has_sent = False
        self._to_proxy: Any = None

    async def note(self, event: str, details: dict[str, Any]) -> None:
        """Record an event of the trace."""
        if event.endswith(".send_request_headers.started"):
            # CONNECT is for the proxy alone.
            self.has_sent = self.has_sent or details["request"].method != b"CONNECT"
        elif event == "socks.connect_tcp.complete":
            self._to_proxy = details["return_value"]
        elif event == "socks.setup_socks5_connection.failed":
            await self._to_proxy.aclose()  # httpcore 1.0.9 leaves it open
