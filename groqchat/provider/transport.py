"""The HTTP transport below everything that is asked: httpx, imported late and made with care."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from groqchat.domain.causes import failure
from groqchat.domain.refusals import shown

if TYPE_CHECKING:
    import ssl

    import httpx

# People pause for longer than httpx's five seconds between two prompts; a new connection costs
# three round trips. A server that closes earlier is noticed before the connection is used.
KEEPALIVE_S = 240.0
_COMMAND_LINE = "httpx._main"


def load_transport() -> None:
    """Import what a first request needs, some of it ahead of httpx itself; for a thread."""
    _import_httpx()
    import anyio
    import anyio.abc
    import anyio.streams.tls

    anyio.run(anyio.sleep, 0)


def new_transport(*, connect_s: float, gap_s: float) -> httpx.AsyncClient:
    """A transport that follows redirects and knows the proxies and certificates of this machine.

    Args:
        connect_s: Seconds to connect.
        gap_s: Seconds between two pieces of anything.

    Raises:
        GroqchatError: The certificates or the proxy that the environment names cannot be used.
    """
    _import_httpx()
    import httpx

    try:
        return httpx.AsyncClient(
            timeout=httpx.Timeout(gap_s, connect=connect_s),
            limits=httpx.Limits(max_connections=100, keepalive_expiry=KEEPALIVE_S),
            verify=_tls_context(),
            follow_redirects=True,
            event_hooks={"response": [_read_refusal]},
        )
    except OSError as error:
        raise failure("tls_failed", detail=shown(str(error))) from error
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise failure("proxy_failed", detail=shown(str(error))) from error


def _import_httpx() -> None:
    """Without its command line: that loads click, rich and Pygments wherever they are installed."""
    if "httpx" in sys.modules:
        return
    # So the import system is told that there is no such module; httpx can do without.
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # documented, but not typed
    try:
        import httpx  # noqa: F401 - it stays loaded
    finally:
        sys.modules.pop(_COMMAND_LINE, None)


@cache
def _tls_context() -> ssl.SSLContext:
    """Loading the certificates is most of the work of making a transport: once is enough."""
    import httpx

    return httpx.create_ssl_context()


async def _read_refusal(response: httpx.Response) -> None:
    """Read a refusal's body ahead of whoever asked: the SDK forgets the status if it breaks off."""
    import httpx

    if not response.is_success:
        try:
            await response.aread()
        except httpx.HTTPError as error:
            message = "the refusal broke off"
            raise httpx.HTTPStatusError(
                message, request=response.request, response=response
            ) from error
