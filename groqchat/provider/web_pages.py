"""Web pages by GET: bounded in time, size and redirects, and by whose addresses they have.

A name is resolved here, and the connection goes to the addresses that were looked at, so that a
name server cannot answer with one address for the check and with another for the connection.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import AsyncExitStack
from ipaddress import ip_address
from typing import TYPE_CHECKING

from groqchat import __version__
from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import size
from groqchat.provider.route import blank_tls_context, is_here, proxy_for, tls_context
from groqchat.provider.transport import LAST_PORT, httpx_proxy, load_httpx, redirect_target
from groqchat.services.pages.ports import (
    LIMIT_S,
    MOST_BYTES,
    MOST_IMAGE_BYTES,
    MOST_REDIRECTS,
    Fetched,
    PageError,
    PrivateAddressError,
    UnreachablePageError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

_ACCEPT = (
    "text/html, text/plain;q=0.9, text/*;q=0.8, application/pdf;q=0.8, image/*;q=0.7, */*;q=0.1"
)
# An address that does not answer must not take all the time.
_CONNECT_S = 5.0
_PRIVATE = "is on this machine or in its own network"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


async def fetch(url: str, *, is_private_allowed: bool = False) -> Fetched:
    """Fetch a page; see `groqchat.services.pages.ports.Fetch`."""
    await asyncio.to_thread(load_httpx)
    try:
        async with asyncio.timeout(LIMIT_S):
            return await _followed(url, is_private_allowed)
    except TimeoutError:
        raise UnreachablePageError(
            f"has not arrived within {LIMIT_S:g} s; try again later"
        ) from None
    except GroqchatError as error:  # of a proxy, or of certificates
        raise UnreachablePageError(f"cannot be fetched: {error.message}") from None


async def _followed(url: str, is_private_allowed: bool) -> Fetched:
    """Follow redirects, of which none leads to a private address."""
    for _ in range(MOST_REDIRECTS + 1):
        answer = await _asked(url, is_private_allowed)
        if isinstance(answer, Fetched):
            return answer
        url, is_private_allowed = answer, False
    raise PageError(f"leads on more than {MOST_REDIRECTS} times")


async def _asked(url: str, is_private_allowed: bool) -> Fetched | str:
    """What a server answers: a page, or the address that it leads on to."""
    import httpx

    address = _checked(url)
    if not is_private_allowed and _is_private(address.host):
        raise PrivateAddressError(_PRIVATE)
    proxy = proxy_for(address.scheme, address.host, address.port)
    allowed = None if proxy else await _addresses(address, is_private_allowed)
    is_secure = address.scheme == "https" or (proxy is not None and proxy.scheme == "https")
    tls = tls_context() if is_secure else blank_tls_context()
    route = httpx_proxy(proxy, tls) if proxy else None
    transport = httpx.AsyncHTTPTransport(verify=tls, trust_env=False, proxy=route)
    if allowed is not None:
        transport = _pinned(transport, allowed)
    headers = {"Accept": _ACCEPT, "User-Agent": f"groqchat/{__version__}"}
    timeout = httpx.Timeout(LIMIT_S, connect=_CONNECT_S)
    try:
        async with AsyncExitStack() as stack:
            client = httpx.AsyncClient(
                transport=transport, headers=headers, trust_env=False, timeout=timeout
            )
            await stack.enter_async_context(client)
            answer = await stack.enter_async_context(client.stream("GET", address))
            return await _read(answer)
    except httpx.HTTPError as error:
        reason = shown(str(error)) or type(error).__name__
        raise UnreachablePageError(f"cannot be fetched: {reason}") from None


async def _read(answer: httpx.Response) -> Fetched | str:
    if answer.status_code in _REDIRECTS and "location" in answer.headers:
        if (target := redirect_target(answer)) is None:
            raise PageError("leads to no address")
        return str(target)
    if not answer.is_success:
        reason = f" {shown(answer.reason_phrase)}" if answer.reason_phrase else ""
        raise PageError(f"is refused by its server: {answer.status_code}{reason}")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.partition("/")[0] in {"video", "audio", "font"}:
        raise PageError(f"is {shown(kind)}; text, HTML, PDF and images are read")
    most = MOST_IMAGE_BYTES if kind.startswith("image/") else MOST_BYTES
    data = bytearray()
    async for piece in answer.aiter_bytes():
        data += piece
        if len(data) > most:
            raise PageError(f"is larger than {size(most)}; save it, and attach a part of it")
    return Fetched(str(answer.url), kind, answer.charset_encoding or "", bytes(data))


def _checked(url: str) -> httpx.URL:
    import httpx

    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise PageError("is no address of a web page") from None
    if address.scheme not in {"http", "https"} or not address.host:
        raise PageError("is no address of a web page: http and https are fetched")
    if address.userinfo:
        raise PageError("holds a user name or a password, which are not sent")
    if (address.port or 0) > LAST_PORT:
        raise PageError(f"is no address: there is no port {address.port}")
    return address


async def _addresses(url: httpx.URL, is_private_allowed: bool) -> Sequence[str]:
    """The addresses of a host, each of which may be connected to."""
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, port, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        unknown = f"cannot be fetched: no address of {url.host} is known"
        raise UnreachablePageError(unknown) from None
    addresses = [str(each[4][0]) for each in found]
    if not is_private_allowed and any(map(_is_private, addresses)):
        raise PrivateAddressError(_PRIVATE)
    return addresses


def _is_private(host: str) -> bool:
    """Whether an address is not one of the public network; a name is, if it names this machine."""
    if is_here(host):
        return True
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return not address.is_global or address.is_multicast


def _pinned(
    transport: httpx.AsyncHTTPTransport, addresses: Sequence[str]
) -> httpx.AsyncHTTPTransport:
    """A transport that connects to these addresses alone, whatever a name server says later."""
    from groqchat.provider.http.pinned import PinnedBackend

    pool = transport._pool
    pool._network_backend = PinnedBackend(pool._network_backend, addresses)
    return transport
