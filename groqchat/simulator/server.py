"""A simulated Groq server on the loopback interface."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING

from groqchat.simulator.clock import AdvancingClock
from groqchat.simulator.connection import Connection
from groqchat.simulator.options import Options
from groqchat.simulator.routes import answer
from groqchat.simulator.server_state import ServerState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from groqchat.domain.limits.quota import LimitKind
    from groqchat.domain.models.catalog import Catalog, Model
    from groqchat.simulator.clock import Clock
    from groqchat.simulator.server_state import RecordedAnswer
    from groqchat.simulator.stored import Batch, StoredFile

HOST = "127.0.0.1"


class Simulator:
    """A simulated Groq that serves HTTP on 127.0.0.1.

    Args:
        models: The catalogue, or just some models.
        options: Plan, rate, faults and so on.
        clock: The time by which limits refill and answers stream.
        narrate: Called with a line of text for each request.

    Raises:
        ValueError: An option names an unknown fault.
    """

    def __init__(
        self,
        models: Catalog | Iterable[Model],
        options: Options | None = None,
        *,
        clock: Clock | None = None,
        narrate: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._state = ServerState(models, options or Options(), clock or AdvancingClock(), narrate)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> None:
        """Start to serve; port 0 takes any free port.

        Raises:
            OSError: The port is taken.
        """
        self._server = await asyncio.start_server(self._accept, HOST, port)

    @property
    def url(self) -> str:
        """The base URL for ``GROQ_BASE_URL``, without a path or a trailing slash."""
        if self._server is None:
            message = "the simulator was not started"
            raise RuntimeError(message)
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stop at once; streams in progress are cut off."""
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

    # -- the state inside -------------------------------------------------------------------

    def state(self, model: str) -> dict[LimitKind, int]:
        """The amount left in each bucket of a model at this moment."""
        return self._state.remaining(model)

    def spend(self, model: str, kind: LimitKind, amount: float) -> None:
        """Use an amount of a bucket without a request, so that a test starts near the limit."""
        self._state.limits.spend(model, kind, amount, self._state.clock.now())

    def answer(self, request_id: str) -> RecordedAnswer | None:
        """The recorded answer to a request, by its ``x-request-id``."""
        return self._state.answers.get(request_id)

    @property
    def batches(self) -> list[tuple[Batch, StoredFile | None]]:
        """All batches that were created, in order, each with its input file if that is kept."""
        files = self._state.files
        return [(batch, files.get(batch.input_file_id)) for batch in self._state.batches.values()]

    def arm(self, fault: str) -> None:
        """Arm a fault: ``NAME[=VALUE][*TIMES][@ENDPOINT]``.

        Raises:
            ValueError: The fault is unknown.
        """
        self._state.faults.arm(fault)

    def disarm(self) -> None:
        """Disarm all faults."""
        self._state.faults.clear()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._connections.add(task)
        try:
            await Connection(reader, writer, functools.partial(answer, self._state)).serve()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._connections.discard(task)
