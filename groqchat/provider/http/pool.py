"""The connections to one server, with what httpx leaves undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import ssl

MOST_CONNECTIONS = 100


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
        )
        self._is_socks = proxy is not None and proxy.url.scheme.startswith("socks")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; returns with the headers of the answer."""
        if self._is_socks:
            request.extensions["trace"] = _Leftovers().close
        return await super().handle_async_request(request)


class _Leftovers:
    """Closes the connection to a SOCKS proxy that refuses; httpcore 1.0.9 leaves it open."""

    def __init__(self) -> None:
        self._to_proxy: Any = None

    async def close(self, event: str, told: dict[str, Any]) -> None:
        """Take note of what httpcore does; its extension ``trace``."""
        if event == "socks.connect_tcp.complete":
            self._to_proxy = told["return_value"]
        elif event == "socks.setup_socks5_connection.failed":
            await self._to_proxy.aclose()
