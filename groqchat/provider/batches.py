"""The Batch API: files and batches, through the vendor's SDK."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from groqchat.domain.batch.submission import BatchStatus, RemoteBatch
from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.table import failure
from groqchat.provider.batch_results import read_result
from groqchat.provider.failures import expected
from groqchat.provider.fields import count, mapping, seconds, text

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    import httpx
    from groq import AsyncGroq

    from groqchat.domain.batch.results import LineResult
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.provider.client import Client

Answer = TypeVar("Answer")

_ENDPOINT: Final = "/v1/chat/completions"
# The slowest connection on which a large file is uploaded in time, in bytes a second.
_SLOWEST = 50_000
# Pages of a list that are read at most.
_MOST_PAGES = 200
_ENDS = ("completed_at", "failed_at", "expired_at", "cancelled_at")


class Server(Protocol):
    """A server that requests are sent to."""

    async def client(self) -> Client:
        """The client of the running loop."""

    async def request(
        self,
        send: Callable[[Client], Awaitable[Answer]],
        *,
        model: str | None = None,
        longer_s: float = 0.0,
    ) -> Answer:
        """Send once; raises only GroqchatError."""

    def explained(
        self, error: Exception, client: Client, model: str | None = None
    ) -> GroqchatError:
        """The error for one of the exceptions that a request is expected to raise."""


class GroqBatches:
    """The files and batches of an account.

    Every method sends one request, once, and raises only ``GroqchatError``; the lists send one for
    each of their pages.

    Args:
        server: The server.
    """

    def __init__(self, server: Server) -> None:
        self._server = server

    async def upload(self, name: str, content: bytes) -> str:
        """Upload the file of a batch; returns its id."""

        async def send(sdk: AsyncGroq) -> httpx.Response:
            files = sdk.files.with_raw_response
            return (await files.create(file=(name, content), purpose="batch")).http_response

        told = await self._told(send, longer_s=len(content) / _SLOWEST)
        return _required(told.get("id"))

    async def uploaded(self, name: str) -> str | None:
        """The id of the uploaded file of a name; None where there is none."""

        async def send(sdk: AsyncGroq, query: Mapping[str, object]) -> httpx.Response:
            listed = await sdk.files.with_raw_response.list(extra_query=query)
            return listed.http_response

        async for file in self._listed(send):
            if file.get("filename") == name and (file_id := text(file.get("id"))):
                return file_id
        return None

    async def create(self, file_id: str, window: str) -> RemoteBatch:
        """Create the batch of an uploaded file.

        The endpoint is that of chats whatever its lines ask: each names its own (Groq batch docs).
        """

        async def send(sdk: AsyncGroq) -> httpx.Response:
            created = await sdk.batches.with_raw_response.create(
                completion_window=window, endpoint=_ENDPOINT, input_file_id=file_id
            )
            return created.http_response

        return _batch(await self._told(send))

    async def created_from(self, file_id: str) -> RemoteBatch | None:
        """The batch that was created of a file; None where there is none."""

        async def send(sdk: AsyncGroq, query: Mapping[str, object]) -> httpx.Response:
            listed = await sdk.batches.with_raw_response.list(extra_query=query)
            return listed.http_response

        async for batch in self._listed(send):
            if batch.get("input_file_id") == file_id:
                return _batch(batch)
        return None

    async def retrieve(self, batch_id: str) -> RemoteBatch:
        """A batch as it stands now."""

        async def send(sdk: AsyncGroq) -> httpx.Response:
            return (await sdk.batches.with_raw_response.retrieve(batch_id)).http_response

        return _batch(await self._told(send))

    async def cancel(self, batch_id: str) -> RemoteBatch:
        """Cancel a batch; one that has ended does not change."""

        async def send(sdk: AsyncGroq) -> httpx.Response:
            return (await sdk.batches.with_raw_response.cancel(batch_id)).http_response

        return _batch(await self._told(send))

    async def results(self, file_id: str) -> AsyncGenerator[LineResult, None]:
        """The results in an output or error file, as they are downloaded."""
        client = await self._server.client()
        sdk = (await asyncio.to_thread(client.load_sdk)).client
        files = sdk.files.with_streaming_response
        try:
            async with files.content(file_id) as response:
                rest = b""
                async for data in response.iter_bytes():
                    *lines, rest = (rest + data).split(b"\n")
                    for result in filter(None, map(read_result, lines)):
                        yield result
                if last := read_result(rest):
                    yield last
                return
        except expected() as error:
            explained = self._server.explained(error, client)
        raise explained  # outside of the handler: the SDK's error holds the key

    async def _told(
        self, send: Callable[[AsyncGroq], Awaitable[httpx.Response]], *, longer_s: float = 0.0
    ) -> dict[str, object]:
        """The JSON object that a request is answered with."""

        async def sent(client: Client) -> httpx.Response:
            return await send((await asyncio.to_thread(client.load_sdk)).client)

        response = await self._server.request(sent, longer_s=longer_s)
        try:
            told = mapping(json.loads(response.content))
        except (ValueError, RecursionError):
            told = {}
        if not told:
            raise failure("not_groq", status=response.status_code)
        return told

    async def _listed(
        self, send: Callable[[AsyncGroq, Mapping[str, object]], Awaitable[httpx.Response]]
    ) -> AsyncGenerator[dict[str, object], None]:
        """The objects of a list, of all its pages."""
        query: dict[str, object] = {}
        for _ in range(_MOST_PAGES):
            asked = query

            async def page(sdk: AsyncGroq, asked: dict[str, object] = asked) -> httpx.Response:
                return await send(sdk, asked)

            told = await self._told(page)
            data = told.get("data")
            for each in data if isinstance(data, list) else ():
                yield mapping(each)
            query = _next_page(told)
            if not query:
                return


def _next_page(told: Mapping[str, object]) -> dict[str, object]:
    """The query of the next page; empty at the end.

    Groq names a cursor (batch docs), servers like OpenAI's the last id.
    """
    if cursor := text(mapping(told.get("paging")).get("next_cursor")):
        return {"cursor": cursor}
    last = text(told.get("last_id"))
    return {"after": last} if told.get("has_more") is True and last else {}


def _batch(told: Mapping[str, object]) -> RemoteBatch:
    """A batch; a status of another name is taken for one that is still worked on.

    ``error_file_id`` comes as an empty object, null or an id (observed).
    """
    status = text(told.get("status")) or ""
    counts = mapping(told.get("request_counts"))
    return RemoteBatch(
        id=_required(told.get("id")),
        status=BatchStatus(status) if status in set(BatchStatus) else BatchStatus.IN_PROGRESS,
        input_file_id=text(told.get("input_file_id")) or "",
        total=count(counts.get("total")) or 0,
        completed=count(counts.get("completed")) or 0,
        failed=count(counts.get("failed")) or 0,
        output_file_id=text(told.get("output_file_id")),
        error_file_id=text(told.get("error_file_id")),
        ended=next(filter(None, (seconds(told.get(name)) for name in _ENDS)), None),
        errors=_errors(told.get("errors")),
    )


def _errors(value: object) -> tuple[str, ...]:
    """The reasons for which a file was refused: a list, or an object around one."""
    listed = mapping(value).get("data") if isinstance(value, dict) else value
    reasons = (mapping(each) for each in listed) if isinstance(listed, list) else ()
    return tuple(_reason(reason) for reason in reasons)


def _reason(reason: Mapping[str, object]) -> str:
    line = count(reason.get("line"))
    place = f"line {line}: " if line is not None else ""
    return shown(place + (text(reason.get("message")) or text(reason.get("code")) or "no reason"))


def _required(value: object) -> str:
    """The id that every answer has."""
    if (found := text(value)) is None:
        raise failure("not_groq")
    return found
