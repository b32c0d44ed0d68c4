"""A simulator on its own thread and event loop, for callers without a running loop."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from groqchat.domain.models.catalog import Catalog, Model
    from groqchat.simulator.clock import Clock


class BackgroundSimulator:
    """A :class:`Simulator` on a daemon thread; ``simulator`` gives access to its state.

    Args:
        models: The catalogue, or just some models.
        options: Plan, rate, faults and so on.
        clock: The time by which limits refill and answers stream.
        narrate: Called with a line of text for each request, on the simulator's thread.
    """

    def __init__(
        self,
        models: Catalog | Iterable[Model],
        options: Options | None = None,
        *,
        clock: Clock | None = None,
        narrate: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.simulator = Simulator(models, options, clock=clock, narrate=narrate)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL for ``GROQ_BASE_URL``."""
        return self.simulator.url

    def start(self, port: int = 0) -> None:
        """Start to serve; returns when the port is open.

        Raises:
            OSError: The port is taken.
        """
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="groqchat-simulator", daemon=True
        )
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self.simulator.start(port), self._loop).result()
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Stop at once; a second call does nothing."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        self._loop = self._thread = None
        asyncio.run_coroutine_threadsafe(self.simulator.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def start_demo(models: Catalog, length_of: Callable[[bytes], float | None]) -> BackgroundSimulator:
    """Start a simulator of the free plan, which reads the length of sound."""
    simulator = BackgroundSimulator(models, Options(Plan.FREE, length_of=length_of))
    simulator.start()
    return simulator
