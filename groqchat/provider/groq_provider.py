"""The provider: answers requests through a vendor's SDK."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.audio.requests import AudioAnswer
from groqchat.domain.audio.speech import SpeechAnswer
from groqchat.domain.errors.refusal_bodies import shown_name
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.limits.quota import Reading
from groqchat.domain.turns.answer_form import comes_whole
from groqchat.domain.turns.chat import Accepted
from groqchat.domain.turns.request_copy import SentRequest
from groqchat.provider.answer_body import AnswerBody
from groqchat.provider.answer_reader import AnswerReader
from groqchat.provider.audio import read_transcript
from groqchat.provider.batches import GroqBatches
from groqchat.provider.chat import broken, finished
from groqchat.provider.client import CHAT_PATH, DEFAULT_BASE_URL, Clients
from groqchat.provider.dialects import GROQ
from groqchat.provider.failures import expected, explain
from groqchat.provider.limit_headers import read_limits
from groqchat.provider.models import read_models
from groqchat.provider.retry_after import time_of
from groqchat.provider.servers import server_at

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    import httpx

    from groqchat.domain.audio.requests import AudioRequest
    from groqchat.domain.audio.speech import SpeechRequest
    from groqchat.domain.errors.servers import Server
    from groqchat.domain.models.catalog import LiveModel
    from groqchat.domain.text.secret import Secret
    from groqchat.domain.turns.chat import ProviderEvent
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.provider.client import Client
    from groqchat.provider.dialects import Dialect

Answer = TypeVar("Answer")

CONNECT_S = 10.0
GAP_S = 60.0
WHOLE_S = 300.0
"""Seconds that an answer may take which is sent only when it is whole.

The longest that a model gives, 65,536 tokens, takes 131 s at the speed of gpt-oss-120b.
"""
# Headers or a refusal that arrive byte by byte never exceed the gap, so this bounds their sum.
_GAPS_TO_OPEN = 5


class GroqProvider:
    """Groq, or another server with its API.

    Each request is sent once: retries are decided in the services, where the user sees them.

    Args:
        key: The API key, which is checked at its first use.
        base_url: The server's address, with or without ``/openai/v1``; None is Groq.
        clock_now: The Unix time in seconds, for the limits in the headers.
        connect_timeout: The limit for connecting, in seconds.
        gap_timeout: The limit without useful data, in seconds.
        dialect: The vendor's variant of the API.
        server: The name of the server in sentences; None takes it from the address.
    """

    def __init__(
        self,
        key: Secret,
        base_url: str | None = None,
        *,
        clock_now: Callable[[], float],
        connect_timeout: float = CONNECT_S,
        gap_timeout: float = GAP_S,
        dialect: Dialect = GROQ,
        server: Server | None = None,
    ) -> None:
        self._clients = Clients(
            key,
            base_url or DEFAULT_BASE_URL,
            dialect,
            connect_s=connect_timeout,
            gap_s=gap_timeout,
        )
        self._dialect = dialect
        self.server = server or dialect.server or server_at(base_url or DEFAULT_BASE_URL)
        self._now = clock_now
        self.server_time: float | None = None
        self._gap_s = gap_timeout

    def prepare(self) -> None:
        """Import what :meth:`models` needs; to be called on a thread."""
        with suppress(GroqchatError):  # The first request raises it again.
            self._clients.warm_up(sdk=False)

    def warm_up(self) -> None:
        """Import what :meth:`stream` needs, the SDK too; to be called on a thread."""
        with suppress(GroqchatError):
            self._clients.warm_up(sdk=True)

    async def ready(self) -> None:
        """Check that a request can be made: key, address and package.

        Raises:
            GroqchatError: One of them is missing or unusable.
        """
        client = await self.client()
        await asyncio.to_thread(client.load_sdk)

    async def connect(self) -> None:
        """Open a connection ahead of the first request; failures are ignored."""
        with suppress(GroqchatError):
            await self.request(lambda client: client.get("/"))

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Send one request and yield its events.

        ``Accepted`` is yielded with the headers, before the first token, then the pieces of text
        and reasoning as they arrive, and ``Finished`` last. An answer that Groq does not stream
        comes in the same events, all of them once it is whole.

        Raises:
            GroqchatError: The request or the stream failed; ``facts.partial`` holds the text so
                far.
        """
        model = request.options.model
        silent_s = max(WHOLE_S, self._gap_s) if comes_whole(request.options) else None
        response = await self.request(
            lambda client: client.post_chat(request, silent_s=silent_s),
            model=model,
            longer_s=silent_s or 0.0,
        )
        request_id = shown_name(response.headers.get("x-request-id"))
        async with AnswerBody(response, self._gap_s) as body:
            if "html" in response.headers.get("content-type", ""):
                raise self._named(failure("not_groq", status=response.status_code, model=model))
            yield Accepted(request_id, self._reading(response))
            reader = AnswerReader()
            while not reader.is_over and (data := await body.read()):
                pieces = reader.feed(data)
                body.note_progress(is_useful=bool(pieces))
                for piece in pieces:
                    yield piece
                if reader.finish_reason:
                    body.end_soon()
            for piece in reader.finish():
                yield piece
            end = finished(reader, request_id)
            if end is None:
                raise self._named(broken(reader, body.cause, model, request_id, body.detail))
            yield end
            await body.drain()

    def described(self, request: ChatRequest) -> SentRequest:
        """A request as it is sent, with its address."""
        root = self._dialect.root
        url = f"{self._clients.base_url}{root}{CHAT_PATH}"
        return SentRequest(url, root, self._dialect.body(request), self._dialect.vendor)

    async def models(self) -> list[LiveModel]:
        """The account's list of models; costs no tokens.

        Raises:
            GroqchatError: The list cannot be read.
        """
        response = await self.request(lambda client: client.get_models())
        self.server_time = time_of(response.headers.get("date") or "")
        try:
            return read_models(response.content)
        except GroqchatError as error:
            raise self._named(error) from error

    @property
    def batches(self) -> GroqBatches:
        """The Batch API of the server."""
        return GroqBatches(self)

    async def transcribe(self, request: AudioRequest) -> AudioAnswer:
        """Send one file to be transcribed or translated, once.

        Raises:
            GroqchatError: It was refused, or the server was not reached.
        """
        model = request.options.model
        response = await self.request(lambda client: client.post_audio(request), model=model)
        try:
            transcript = read_transcript(response.content)
        except GroqchatError as error:
            raise self._named(error) from error
        request_id = shown_name(response.headers.get("x-request-id"))
        return AudioAnswer(transcript, request_id, self._reading(response))

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        """Send one text to be spoken, once.

        Raises:
            GroqchatError: It was refused, or the server was not reached.
        """
        response = await self.request(
            lambda client: client.post_speech(request), model=request.model
        )
        if not response.content.startswith((b"RIFF", b"RF64")):
            raise self._named(failure("not_groq", status=response.status_code))
        request_id = shown_name(response.headers.get("x-request-id"))
        return SpeechAnswer(response.content, request_id, self._reading(response))

    async def close(self) -> None:
        """Close the running loop's connections."""
        await self._clients.close()

    async def request(
        self,
        send: Callable[[Client], Awaitable[Answer]],
        *,
        model: str | None = None,
        longer_s: float = 0.0,
    ) -> Answer:
        """Send once; returns with the headers of a success.

        Args:
            send: Sends the request.
            model: The model of the request, if there is one.
            longer_s: The seconds that the request may take beyond those of any other.

        Raises:
            GroqchatError: The request failed.
        """
        client = await self.client()
        try:
            async with asyncio.timeout(_GAPS_TO_OPEN * self._gap_s + longer_s):
                return await send(client)
        except expected() as error:
            explained = self.explained(error, client, model)
        # Outside of the handler: the SDK's error holds the key and the prompt, and errors are kept.
        raise explained

    def explained(
        self, error: Exception, client: Client, model: str | None = None
    ) -> GroqchatError:
        """The error for one of the exceptions that a request is expected to raise."""
        explained = explain(
            error,
            model=model,
            now=self._now(),
            base_url=client.base_url,
            setting=self.server.address_setting,
        )
        return self._named(explained)

    async def client(self) -> Client:
        """The client of the running loop; raises GroqchatError where none can be created."""
        try:
            return await self._clients.current()
        except GroqchatError as error:
            raise self._named(error) from error

    def _reading(self, response: httpx.Response) -> Reading:
        """The limits in the headers; empty where they do not have Groq's meaning."""
        now = self._now()
        return read_limits(response, now) if self._dialect.tells_limits else Reading(now)

    def _named(self, error: GroqchatError) -> GroqchatError:
        """The error with the server's name, and without another vendor's limits."""
        named = error.with_facts(server=self.server)
        if self._dialect.vendor is None:
            return named
        return named.with_facts(vendor=self._dialect.vendor, reading=None)
