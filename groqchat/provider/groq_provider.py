"""Answers prompts through a vendor's SDK, which keeps authentication, transport and errors."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.refusal_bodies import shown_name
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.limits.quota import Reading
from groqchat.domain.turns.chat import Accepted
from groqchat.provider.body import AnswerBody
from groqchat.provider.chat import broken, finished
from groqchat.provider.client import DEFAULT_BASE_URL, Clients
from groqchat.provider.dialects import GROQ
from groqchat.provider.failures import expected, explain
from groqchat.provider.limit_headers import read_limits
from groqchat.provider.models import read_models
from groqchat.provider.servers import server_at
from groqchat.provider.wire import AnswerReader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    import httpx

    from groqchat.domain.errors.servers import Server
    from groqchat.domain.models.catalog import LiveModel
    from groqchat.domain.text.secret import Secret
    from groqchat.domain.turns.chat import ChatRequest, ProviderEvent
    from groqchat.provider.client import Client
    from groqchat.provider.dialects import Dialect

CONNECT_S = 10.0
GAP_S = 60.0
# Headers, or the body of a refusal, that come by the byte keep within every gap.
_GAPS_TO_OPEN = 5


class GroqProvider:
    """Groq, or whatever speaks its API at another address.

    Sends each request once: retries are decided above, where they can be seen.

    Args:
        key: The API key; checked when it is first used.
        base_url: The server, with or without ``/openai/v1``; None is Groq.
        clock_now: The Unix time in seconds, for the limits that headers tell.
        connect_timeout: Seconds to connect.
        gap_timeout: Seconds in which nothing of use may arrive.
        dialect: How another vendor wants to be spoken to.
        server: How sentences call the server; None: as its address says.
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
        self._gap_s = gap_timeout

    def prepare(self) -> None:
        """Load what :meth:`models` needs; for a thread."""
        with suppress(GroqchatError):  # The first request says it to somebody.
            self._clients.warm_up(sdk=False)

    def warm_up(self) -> None:
        """Load what :meth:`stream` needs: the SDK too; for a thread, after the first paint."""
        with suppress(GroqchatError):
            self._clients.warm_up(sdk=True)

    async def ready(self) -> None:
        """See whether anybody can be asked at all: key, address and package.

        Raises:
            GroqchatError: One of them is missing or of no use.
        """
        client = await self._client()
        await asyncio.to_thread(client.load_sdk)

    async def connect(self) -> None:
        """Open a connection before the first request needs it; whether it works or not."""
        with suppress(GroqchatError):
            await self._request(lambda client: client.get("/"))

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Send one request and yield what comes back.

        ``Accepted`` comes with the headers, before the first token; then the text, all that
        arrived together as one piece; then ``Finished``.

        Raises:
            GroqchatError: Whatever went wrong; text that had arrived is in its facts.
        """
        model = request.options.model
        response = await self._request(lambda client: client.post_chat(request), model=model)
        request_id = shown_name(response.headers.get("x-request-id"))
        async with AnswerBody(response, self._gap_s) as body:
            if "html" in response.headers.get("content-type", ""):
                raise self._named(failure("not_groq", status=response.status_code, model=model))
            yield Accepted(request_id, self._reading(response))
            reader = AnswerReader()
            while not reader.is_over and (data := await body.read()):
                pieces = reader.feed(data)
                body.heard(anything=bool(pieces))
                for piece in pieces:
                    yield piece
                if reader.finish_reason:
                    body.end_soon()
            for piece in reader.finish():
                yield piece
            end = finished(reader, request_id)
            if end is None:
                raise self._named(broken(reader, body.trouble, model, request_id, body.detail))
            yield end
            await body.drain()

    async def models(self) -> list[LiveModel]:
        """The account's own list of models; costs no tokens.

        Raises:
            GroqchatError: It could not be had.
        """
        response = await self._request(lambda client: client.get_models())
        try:
            return read_models(response.content)
        except GroqchatError as error:
            raise self._named(error) from error

    async def close(self) -> None:
        """Give up the running loop's connections."""
        await self._clients.close()

    async def _request(
        self,
        send: Callable[[Client], Awaitable[httpx.Response]],
        *,
        model: str | None = None,
    ) -> httpx.Response:
        """Send once, and wait for the headers of an answer that is no refusal."""
        client = await self._client()
        try:
            async with asyncio.timeout(_GAPS_TO_OPEN * self._gap_s):
                return await send(client)
        except expected() as error:
            explained = explain(
                error,
                model=model,
                now=self._now(),
                base_url=client.base_url,
                setting=self.server.address_setting,
            )
        # Outside of the handler: the SDK's error holds the key and the prompt, and errors are kept.
        raise self._named(explained)

    async def _client(self) -> Client:
        """The client of the running loop; GroqchatError where none can be made."""
        try:
            return await self._clients.current()
        except GroqchatError as error:
            raise self._named(error) from error

    def _reading(self, response: httpx.Response) -> Reading:
        """The limits that the headers tell."""
        now = self._now()
        return read_limits(response, now) if self._dialect.tells_limits else Reading(now)

    def _named(self, error: GroqchatError) -> GroqchatError:
        """An error that says whose it is, without limits that mean something else there."""
        named = error.with_facts(server=self.server)
        if self._dialect.vendor is None:
            return named
        return named.with_facts(vendor=self._dialect.vendor, reading=None)
