"""A pretend Groq on the loopback interface: start it, use its URL, close it."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING

from groqchat.simulator.clock import SystemClock
from groqchat.simulator.connection import Connection
from groqchat.simulator.options import Options
from groqchat.simulator.routes import answer
from groqchat.simulator.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from groqchat.domain.limits.quota import LimitKind
    from groqchat.domain.models.catalog import Catalog, Model
    from groqchat.simulator.clock import Clock
    from groqchat.simulator.world import Answer

HOST = "127.0.0.1"


class Simulator:
    """A pretend Groq that serves real HTTP on 127.0.0.1.

    Args:
        models: The catalogue, or just some models.
        options: How to behave.
        clock: By which time limits refill and answers stream.
        narrate: Told one line about each request.

    Raises:
        ValueError: When an option names a fault that does not exist.
    """

    def __init__(
        self,
        models: Catalog | Iterable[Model],
        options: Options | None = None,
        *,
        clock: Clock | None = None,
        narrate: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._world = World(models, options or Options(), clock or SystemClock(), narrate)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> None:
        """Begin to serve; port 0 takes any that is free.

        Raises:
            OSError: The port is taken.
        """
        self._server = await asyncio.start_server(self._accept, HOST, port)

    @property
    def url(self) -> str:
        """What goes into ``GROQ_BASE_URL``: no trailing slash, no path."""
        if self._server is None:
            message = "the simulator was not started"
            raise RuntimeError(message)
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop at once; answers under way are broken off."""
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    # -- what is true inside --------------------------------------------------------------

    def state(self, model: str) -> dict[LimitKind, int]:
        """What is really left in each bucket of a model, now."""
        return self._world.state(model)

    def spend(self, model: str, bucket: LimitKind, amount: float) -> None:
        """Use a bucket up without a request, so that a test or a demo begins near its end."""
        self._world.limits.spend(model, bucket, amount, self._world.clock.now())

    def answer(self, request_id: str) -> Answer | None:
        """What was really answered to a request, by its ``x-request-id``."""
        return self._world.answers.get(request_id)

    def arm(self, fault: str) -> None:
        """Let a fault strike from now on: ``NAME[=VALUE][*TIMES][@ENDPOINT]``.

        Raises:
            ValueError: There is no such fault.
        """
        self._world.faults.arm(fault)

    def disarm(self) -> None:
        """Let no fault strike any more."""
        self._world.faults.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._connections.add(task)
        try:
            await Connection(reader, writer, functools.partial(answer, self._world)).serve()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._connections.discard(task)
