"""The HTTP transport of all requests; httpx is imported late."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.table import failure
from groqchat.provider.route import blank_tls_context, proxy_for, tls_context, unusable

if TYPE_CHECKING:
    import ssl

    import httpx

    from groqchat.provider.route import Proxy

# Many routers and proxies silently drop connections that are idle for 30 s; a prompt on such a
# connection would wait for a minute. To open a new one costs three round trips.
KEEPALIVE_S = 25.0
LAST_PORT = 65_535
MOST_REDIRECTS = 5
_COMMAND_LINE = "httpx._main"


def load_transport() -> None:
    """Import what the first request needs; to be called on a thread."""
    load_httpx()
    import anyio
    import anyio.abc
    import anyio.streams.tls

    anyio.run(anyio.sleep, 0)


def new_transport(base_url: str, *, connect_s: float, gap_s: float) -> httpx.AsyncClient:
    """A transport to one server, through its proxy if there is one.

    Args:
        base_url: The server's address.
        connect_s: The limit for connecting, in seconds.
        gap_s: The limit between two reads, in seconds.

    Raises:
        UnreachableError: The address, the proxy or the named certificates are unusable.
    """
    load_httpx()
    import httpx

    from groqchat.provider.http.decompression import ASKED_FOR
    from groqchat.provider.http.pool import Pool

    url = _checked(base_url)
    proxy = proxy_for(url.scheme, url.host, url.port)
    is_secure = url.scheme == "https" or (proxy is not None and proxy.scheme == "https")
    tls = tls_context() if is_secure else blank_tls_context()
    return httpx.AsyncClient(
        transport=Pool(tls, httpx_proxy(proxy, tls) if proxy else None, keep_s=KEEPALIVE_S),
        headers={"Accept-Encoding": ASKED_FOR},
        timeout=httpx.Timeout(gap_s, connect=connect_s),
        trust_env=False,
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        event_hooks={"response": [_read_refusal, _refuse_foreign_redirect]},
    )


def _checked(base_url: str) -> httpx.URL:
    import httpx

    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        # The message may quote a password in the address.
        reason = "it cannot be read" if "@" in base_url else shown(str(error))
        raise failure("address_malformed", detail=reason) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise failure("address_malformed", detail="it does not begin with https:// and a host")
    if url.userinfo:  # httpx would send these as Basic, in the place of the key
        raise failure(
            "address_malformed",
            detail="the user name or password in it would be sent in the place of the API key; "
            "leave out what stands before the @",
        )
    if (url.port or 0) > LAST_PORT:
        raise failure("address_malformed", detail=f"there is no port {url.port}")
    return url


def httpx_proxy(proxy: Proxy, tls: ssl.SSLContext) -> httpx.Proxy:
    """A proxy as httpx takes it.

    Raises:
        UnreachableError: Its address is invalid.
    """
    import httpx

    try:
        made = httpx.Proxy(proxy.address, ssl_context=tls if proxy.scheme == "https" else None)
    except (ValueError, httpx.InvalidURL) as error:
        raise unusable(proxy) from error
    if not made.url.host or (made.url.port or 0) > LAST_PORT:
        raise unusable(proxy)
    return made


def load_httpx() -> None:
    """Import httpx without its command line, which loads click, rich and Pygments."""
    if "httpx" in sys.modules:
        return
    # None in sys.modules makes the import fail; httpx can do without this module.
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # documented, but not typed
    try:
        import httpx  # noqa: F401 - it stays loaded
    finally:
        sys.modules.pop(_COMMAND_LINE, None)


async def _read_refusal(response: httpx.Response) -> None:
    """Read the body of a refusal first, since the SDK loses the status if the body breaks off."""
    import httpx

    if not response.is_success:
        try:
            await response.aread()
        except httpx.HTTPError as error:
            message = "the refusal broke off"
            raise httpx.HTTPStatusError(
                message, request=response.request, response=response
            ) from error


async def _refuse_foreign_redirect(response: httpx.Response) -> None:
    """Raise for a redirect to another server, which must not get prompt and headers.

    httpx removes only the key where a redirect leaves the server.
    """
    import httpx

    if response.has_redirect_location and not is_followed(response):
        message = "the redirect leads elsewhere"
        raise httpx.HTTPStatusError(message, request=response.request, response=response)


def is_followed(response: httpx.Response) -> bool:
    """Whether a redirect stays on the server and keeps method and body.

    After 301, 302 or 303 a POST would become a GET without the prompt (RFC 9110, 15.4).
    """
    request = response.request
    target = redirect_target(response)
    is_same = response.status_code in {307, 308} or request.method in {"GET", "HEAD"}
    return target is not None and is_same and _origin(target) == _origin(request.url)


def redirect_target(response: httpx.Response) -> httpx.URL | None:
    """The target of a redirect; None where it is invalid."""
    import httpx

    try:
        return response.request.url.join(response.headers.get("location", ""))
    except httpx.InvalidURL:
        return None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
