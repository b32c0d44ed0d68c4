"""The HTTP client of one account; the SDK is imported with the first chat."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, cast
from weakref import WeakKeyDictionary

from groqchat import __version__
from groqchat.domain.errors.table import failure
from groqchat.provider.dialects import GROQ
from groqchat.provider.transport import load_transport, new_transport

if TYPE_CHECKING:
    import httpx

    from groqchat.domain.audio.requests import AudioRequest
    from groqchat.domain.audio.speech import SpeechRequest
    from groqchat.domain.text.secret import Secret
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.provider.dialects import Dialect, Sdk

DEFAULT_BASE_URL = "https://api.groq.com"
CHAT_PATH = "/chat/completions"
"""The path of chats, behind the dialect's root."""


class Client:
    """A transport, and the SDK on top of it as soon as a chat needs it.

    Args:
        key: The API key, well-formed.
        base_url: The server's address, without the dialect's root.
        transport: An open transport.
        dialect: The vendor's variant of the API.
    """

    def __init__(
        self, key: Secret, base_url: str, transport: httpx.AsyncClient, dialect: Dialect
    ) -> None:
        self._key = key
        self._base_url = base_url
        self._transport = transport
        self._dialect = dialect
        self._lock = threading.Lock()
        self._sdk: Sdk | None = None

    @property
    def base_url(self) -> str:
        """The server's address, without the dialect's root."""
        return self._base_url

    async def get(self, path: str) -> httpx.Response:
        """Send a GET and read the whole response, without the SDK, which is slow to import."""
        headers = {
            "Authorization": f"Bearer {self._key.reveal()}",
            "User-Agent": f"groqchat/{__version__}",
            "Accept": "application/json",
        }
        own = _custom_headers(self._dialect.headers_variable)
        response = await self._transport.get(self._base_url + path, headers=headers | own)
        return response.raise_for_status()

    async def get_models(self) -> httpx.Response:
        """Request the account's list of models."""
        return await self.get(f"{self._dialect.root}/models")

    async def post_chat(
        self, request: ChatRequest, *, silent_s: float | None = None
    ) -> httpx.Response:
        """Send a chat request; returns when the headers are here, before the body is read.

        Args:
            request: The request.
            silent_s: Seconds that may pass before the headers come; None: as between two reads.
        """
        if (sdk := self._sdk) is None:
            sdk = await asyncio.to_thread(self.load_sdk)
        import httpx

        response = await sdk.client.post(
            f"{self._dialect.root}{CHAT_PATH}",
            cast_to=httpx.Response,
            body=self._dialect.body(request),
            options={} if silent_s is None else {"timeout": self._patient(silent_s)},
            stream=True,
            stream_cls=sdk.stream,
        )
        return cast("httpx.Response", response)

    def _patient(self, silent_s: float) -> httpx.Timeout:
        import httpx

        return httpx.Timeout(silent_s, connect=self._transport.timeout.connect)

    async def post_audio(self, request: AudioRequest) -> httpx.Response:
        """Send a file to be transcribed, and read the whole answer."""
        import httpx

        from groqchat.provider import audio

        sdk = await asyncio.to_thread(self.load_sdk)
        return await sdk.client.post(
            f"{self._dialect.root}{audio.path(request)}",
            cast_to=httpx.Response,
            body=audio.form(request),
            files=[("file", (request.name, request.content))],
            options={"headers": {"Content-Type": "multipart/form-data"}},
        )

    async def post_speech(self, request: SpeechRequest) -> httpx.Response:
        """Send a text to be spoken, and read the whole answer."""
        import httpx

        from groqchat.provider import audio

        sdk = await asyncio.to_thread(self.load_sdk)
        return await sdk.client.post(
            f"{self._dialect.root}/audio/speech",
            cast_to=httpx.Response,
            body=audio.speech_body(request),
        )

    def load_sdk(self) -> Sdk:
        """The SDK, imported and created once; to be called on a thread.

        Raises:
            GroqchatError: The SDK's package is not installed.
        """
        with self._lock:
            if self._sdk is None:
                self._sdk = self._dialect.connect(
                    self._key.reveal(), self._base_url, self._transport
                )
            return self._sdk

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


class Clients:
    """The clients of one account, one for each event loop, created on a thread at first use.

    Args:
        key: The API key.
        base_url: The server's address, with or without the dialect's root.
        dialect: The vendor's variant of the API.
        connect_s: The limit for connecting, in seconds.
        gap_s: The limit between two reads, in seconds.
    """

    def __init__(
        self, key: Secret, base_url: str, dialect: Dialect, *, connect_s: float, gap_s: float
    ) -> None:
        self._key = key
        self._base_url = _without(dialect.root, base_url)
        self._dialect = dialect
        self._connect_s = connect_s
        self._gap_s = gap_s
        self._lock = threading.Lock()
        self._spare: Client | None = None
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Client] = WeakKeyDictionary()

    @property
    def base_url(self) -> str:
        """The server's address, without the dialect's root."""
        return self._base_url

    def warm_up(self, *, sdk: bool) -> None:
        """Create a client ahead of time and import what it needs; to be called on a thread.

        Args:
            sdk: Whether to import the SDK too, for chats.

        Raises:
            GroqchatError: The key, the address or the environment is unusable.
        """
        with self._lock:
            if self._spare is None and not self._by_loop:
                self._spare = self._make()
                load_transport()
            clients = [self._spare, *self._by_loop.values()]
        for client in filter(None, clients if sdk else ()):
            client.load_sdk()

    async def current(self) -> Client:
        """The client of the running loop.

        Raises:
            GroqchatError: The key, the address or the environment is unusable.
        """
        loop = asyncio.get_running_loop()
        client = self._by_loop.get(loop)
        if client is None:
            client = await asyncio.to_thread(self._made_for, loop)
        return client

    async def close(self) -> None:
        """Close the running loop's client; a later request creates a new one."""
        client = self._by_loop.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    def _made_for(self, loop: asyncio.AbstractEventLoop) -> Client:
        with self._lock:
            client = self._by_loop.get(loop) or self._spare or self._make()
            self._by_loop[loop] = client
            self._spare = None
            return client

    def _make(self) -> Client:
        if not self._key:
            raise failure("no_key")
        if self._key.flaw:
            raise failure("key_malformed", detail=self._key.flaw)
        transport = new_transport(self._base_url, connect_s=self._connect_s, gap_s=self._gap_s)
        return Client(self._key, self._base_url, transport, self._dialect)


def without_sdk_path(base_url: str) -> str:
    """An address of Groq without ``/openai/v1``, which the SDK adds itself."""
    return _without(GROQ.root, base_url)


def _without(root: str, base_url: str) -> str:
    return base_url.strip().rstrip("/").removesuffix(root)


def _custom_headers(variable: str) -> dict[str, str]:
    """The user's headers from an environment variable, parsed like the SDK does."""
    lines = os.environ.get(variable, "").split("\n")
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}
