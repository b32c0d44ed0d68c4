"""The SDK's client: imported late, made once for each event loop, its connections kept."""

from __future__ import annotations

import asyncio
import os
import threading
from functools import cache
from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from groqchat.domain.causes import failure
from groqchat.domain.refusals import shown
from groqchat.provider.chat import request_body

if TYPE_CHECKING:
    import ssl

    import httpx
    from groq import AsyncGroq

    from groqchat.domain.chat import ChatRequest
    from groqchat.domain.secret import Secret

DEFAULT_BASE_URL = "https://api.groq.com"
# People pause for longer than httpx's five seconds between two prompts; a new connection costs
# three round trips. A server that closes earlier is noticed before the connection is used.
KEEPALIVE_S = 240.0
_SDK_PATH = "/openai/v1"


class Clients:
    """Makes the client when it is first needed, in a thread, so that no event loop waits for it.

    Args:
        key: The API key.
        base_url: The server, with or without ``/openai/v1``; None is Groq.
        connect_s: Seconds to connect.
        gap_s: Seconds between two pieces of anything.
    """

    def __init__(
        self, key: Secret, base_url: str | None, *, connect_s: float, gap_s: float
    ) -> None:
        self._key = key
        self._base_url = without_sdk_path(base_url or DEFAULT_BASE_URL)
        self._connect_s = connect_s
        self._gap_s = gap_s
        self._lock = threading.Lock()
        self._spare: AsyncGroq | None = None
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncGroq] = WeakKeyDictionary()

    def warm_up(self) -> None:
        """Import the SDK and make a client ahead of time; for a thread.

        Raises:
            GroqchatError: No client can be made of this key, address or environment.
        """
        with self._lock:
            if self._spare is None and not self._by_loop:
                self._spare = self._make()
                _import_the_rest()

    async def current(self) -> AsyncGroq:
        """The client of the running loop.

        Raises:
            GroqchatError: As for :meth:`warm_up`.
        """
        loop = asyncio.get_running_loop()
        client = self._by_loop.get(loop)
        if client is None:
            client = await asyncio.to_thread(self._made_for, loop)
        return client

    async def close(self) -> None:
        """Close the running loop's client; a later request makes a new one."""
        client = self._by_loop.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    def _made_for(self, loop: asyncio.AbstractEventLoop) -> AsyncGroq:
        with self._lock:
            client = self._by_loop.get(loop) or self._spare or self._make()
            self._by_loop[loop] = client
            self._spare = None
            return client

    def _make(self) -> AsyncGroq:
        if not self._key:
            raise failure("no_key")
        if self._key.flaw:
            raise failure("key_malformed", detail=self._key.flaw)
        # The SDK would log to stderr, over the screen.
        os.environ.pop("GROQ_LOG", None)
        import groq
        import httpx

        self._check_address()
        timeout = httpx.Timeout(self._gap_s, connect=self._connect_s)
        limits = httpx.Limits(max_connections=100, keepalive_expiry=KEEPALIVE_S)
        try:
            return groq.AsyncGroq(
                api_key=self._key.reveal(),
                base_url=self._base_url,
                timeout=timeout,
                max_retries=0,
                http_client=groq.DefaultAsyncHttpxClient(
                    timeout=timeout,
                    limits=limits,
                    verify=_tls_context(),
                    event_hooks={"response": [_read_refusal]},
                ),
            )
        except OSError as error:
            raise failure("tls_failed", detail=shown(str(error))) from error
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            raise failure("proxy_failed", detail=shown(str(error))) from error

    def _check_address(self) -> None:
        import httpx

        try:
            url = httpx.URL(self._base_url)
        except httpx.InvalidURL as error:
            raise failure("address_malformed", detail=shown(str(error))) from error
        if url.scheme not in {"http", "https"} or not url.host:
            raise failure("address_malformed", detail="it does not begin with https:// and a host")


async def post_chat(client: AsyncGroq, request: ChatRequest) -> httpx.Response:
    """Send a prompt; returns with the headers of the answer, its body still to be read."""
    import groq
    import httpx

    response = await client.post(
        "/openai/v1/chat/completions",
        cast_to=httpx.Response,
        body=request_body(request),
        stream=True,
        stream_cls=groq.AsyncStream[object],
    )
    return cast("httpx.Response", response)


async def get(client: AsyncGroq, path: str) -> httpx.Response:
    """Ask for something; returns with all of it."""
    import httpx

    return await client.get(path, cast_to=httpx.Response)


async def _read_refusal(response: httpx.Response) -> None:
    """Read a refusal's body ahead of the SDK, which forgets the status when the body breaks off."""
    import httpx

    if not response.is_success:
        try:
            await response.aread()
        except httpx.HTTPError as error:
            message = "the refusal broke off"
            raise httpx.HTTPStatusError(
                message, request=response.request, response=response
            ) from error


def _import_the_rest() -> None:
    """What httpx imports with its first request only, in the middle of it."""
    import anyio.abc
    import anyio.streams.tls

    anyio.run(anyio.sleep, 0)


@cache
def _tls_context() -> ssl.SSLContext:
    """Loading the certificates is most of the work of making a client: once is enough."""
    import httpx

    return httpx.create_ssl_context()


def without_sdk_path(base_url: str) -> str:
    """The address without the path that the SDK adds itself, and that other clients want."""
    return base_url.strip().rstrip("/").removesuffix(_SDK_PATH)
