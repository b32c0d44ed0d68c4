"""The connections of a pool: which one a request gets, and which ones are closed.

httpcore 1.0.9 looks at every connection for each request, and asks the system about each idle one
(``findings/idle_connections.sh``); this pool asks about the connection that it gives away.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

import anyio
import httpcore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from httpcore import AsyncConnectionInterface


class Connections(httpcore.AsyncConnectionPool):
    """The connections to one server; the one that was used last is used first.

    httpcore's own pool asks the system about every idle connection, at the start and at the end of
    each request, and assigns a connection to several requests that begin at once, of which all but
    one are assigned again (1.0.9). In a set of prompts this was a fifth of the processor time.

    Args:
        opened_by: Gives new connections, directly or through a proxy.
        most: The most connections that are open at once.
    """

    def __init__(self, opened_by: httpcore.AsyncConnectionPool, *, most: int) -> None:
        super().__init__()
        self._opened_by = opened_by
        self._idle: list[AsyncConnectionInterface] = []
        self._used: set[AsyncConnectionInterface] = set()
        self._places = asyncio.Semaphore(most)

    @property
    def connections(self) -> list[AsyncConnectionInterface]:
        """All connections; those that rest come first, the one that has rested longest at 0."""
        return [*self._idle, *self._used]

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request over a connection of its own; returns with the headers of the response.

        Raises:
            httpcore.PoolTimeout: All connections are in use.
        """
        async with AsyncExitStack() as stack:
            await self._take_place(request)
            stack.callback(self._places.release)
            response = await self._sent(request, stack)
            return httpcore.Response(
                response.status,
                headers=response.headers,
                content=_Body(response, stack.pop_all().aclose),
                extensions=response.extensions,
            )

    async def close_idle(self) -> None:
        """Close all connections without a request."""
        closing, self._idle = self._idle, []
        await _close(*closing)

    async def aclose(self) -> None:
        """Close all connections; answers on their way break off."""
        await self.close_idle()
        await _close(*self._used)

    async def _take_place(self, request: httpcore.Request) -> None:
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("pool")):
                await self._places.acquire()
        except TimeoutError as error:
            raise httpcore.PoolTimeout from error

    async def _sent(self, request: httpcore.Request, stack: AsyncExitStack) -> httpcore.Response:
        """Send over the first connection that takes the request; the stack gives it back."""
        while True:
            async with AsyncExitStack() as own:
                connection = await self._connection(request.url.origin)
                self._used.add(connection)
                own.push_async_callback(self._rest, connection)
                with suppress(httpcore.ConnectionNotAvailable):
                    response = await connection.handle_async_request(request)
                    stack.push_async_exit(own.pop_all())
                    return response

    async def _connection(self, origin: httpcore.Origin) -> AsyncConnectionInterface:
        """An idle connection that is still good, else a new one."""
        while len(self._idle) > 1 and _is_over(self._idle[0]):  # the last one is looked at below
            await _close(self._idle.pop(0))
        while self._idle:
            connection = self._idle.pop()
            if connection.can_handle_request(origin) and not _is_over(connection):
                return connection
            await _close(connection)
        return self._opened_by.create_connection(origin)

    async def _rest(self, connection: AsyncConnectionInterface) -> None:
        """Keep a connection if its request left it usable."""
        self._used.discard(connection)
        if connection.is_idle() and not connection.is_closed():
            self._idle.append(connection)
        else:
            await _close(connection)


def _is_over(connection: AsyncConnectionInterface) -> bool:
    return connection.is_closed() or connection.has_expired()


async def _close(*connections: AsyncConnectionInterface) -> None:
    # Whoever cancels an answer with anyio (`answer_body`) still has its connection closed.
    with anyio.CancelScope(shield=True):
        for connection in connections:
            await connection.aclose()


class _Body:
    """The body of a response, which gives its connection back once.

    Args:
        response: The response as it came over the connection.
        give_back: Called when the body is read or left.
    """

    def __init__(
        self, response: httpcore.Response, give_back: Callable[[], Coroutine[None, None, None]]
    ) -> None:
        self._response = response
        self._give_back = give_back
        self._is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._response.aiter_stream():
                yield part
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Close the response."""
        if not self._is_closed:
            self._is_closed = True
            try:
                with anyio.CancelScope(shield=True):
                    await self._response.aclose()
            finally:
                await self._give_back()
