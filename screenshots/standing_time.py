"""Time, ids and chance that are the same whenever a picture is made.

The program and its pretend Groq run in one loop of virtual time (``tests/virtual_time``), so what
they measure and count down does not depend on the machine.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import pytest

from groqchat.services.clock import SystemClock
from groqchat.simulator.background import BackgroundSimulator
from tests.ui.idleness import Idleness
from tests.virtual_time import VirtualTimeLoop, watch_threads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from groqchat.simulator.validation import ChatCall

Shown = TypeVar("Shown")
# Names of threads that do one thing and end, such as an import.
_SHORT = ("Thread-", "warm-up", "keyring")
# Seconds until an answer begins, which else takes no time at all.
_FIRST_TOKEN_S = 0.18


class StandingTimeLoop(VirtualTimeLoop):
    """Virtual time that also waits for threads which nobody awaits, such as imports."""

    def __init__(self) -> None:
        self._before = set(threading.enumerate())
        super().__init__()
        # What is done on threads ends in the order in which it was handed to them.
        self.set_default_executor(ThreadPoolExecutor(1, "asyncio"))

    @property
    def is_waiting_for_threads(self) -> bool:
        """Whether something is under way on another thread."""
        return super().is_waiting_for_threads or any(
            thread not in self._before and thread.name.startswith(_SHORT)
            for thread in threading.enumerate()
        )


def in_standing_time(work: Callable[[], Coroutine[None, None, Shown]]) -> Shown:
    """Run something that is shown, at a time that is the same in each run."""
    with same_each_time() as loop:
        return loop.run_until_complete(work())


@asynccontextmanager
async def entered(context: AbstractContextManager[None]) -> AsyncIterator[None]:
    """A context that is entered and left on a thread, so that its simulator can be served here."""
    await asyncio.to_thread(context.__enter__)
    try:
        yield
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)


@contextmanager
def same_each_time() -> Iterator[VirtualTimeLoop]:
    """The loop in which everything runs meanwhile, also commands and simulators."""
    state = random.getstate()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        for name in ("GROQ_API_KEY", "GROQ_BASE_URL", "NO_COLOR"):
            patch.delenv(name, raising=False)
        time.tzset()
        loop = StandingTimeLoop()
        try:
            _stand_still(patch, loop)
            yield loop
            _await_programs(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()
            random.setstate(state)
    time.tzset()


def _await_programs(loop: VirtualTimeLoop) -> None:
    """Hear the end of programs that the picture has started and ended."""
    for thread in threading.enumerate():
        if thread.name.startswith("waitpid-"):
            thread.join(5)
    loop.run_until_complete(asyncio.sleep(0))


def _stand_still(patch: pytest.MonkeyPatch, loop: VirtualTimeLoop) -> None:
    drawn = random.Random(1)  # noqa: S311  # ids and pauses of a picture
    random.seed(1)
    watch_threads(patch)
    Idleness().watch(patch)
    patch.setattr(SystemClock, "now", lambda _self: loop.clock.now())
    patch.setattr(SystemClock, "monotonic", lambda _self: loop.clock.monotonic())
    patch.setattr(time, "time", loop.clock.now)
    patch.setattr(time, "time_ns", lambda: int(loop.clock.now() * 1e9))
    patch.setattr(secrets, "randbits", drawn.getrandbits)
    patch.setattr("textual._time.get_time", loop.time)
    patch.setattr("textual.widget.monotonic", loop.time)
    for module in ("frame_pacer", "entry_store"):  # how long painting takes here
        patch.setattr(f"groqchat.ui.transcript.{module}.perf_counter", loop.time)
    patch.setattr(asyncio, "wrap_future", _remembering(loop, asyncio.wrap_future))
    # Of models that are asked at once, any may be the first to arrive.
    patch.setattr("groqchat.simulator.turn._generator", _by_request)
    patch.setattr(BackgroundSimulator, "start", _start_in(loop))
    patch.setattr(BackgroundSimulator, "close", _close_in(loop))


def _by_request(_state: object, call: ChatCall) -> random.Random:
    drawn_from = f"{call.model.id}|{call.effort}|{len(call.prompt)}|{call.question}"
    return random.Random(drawn_from)  # noqa: S311  # it only varies answers


def _remembering(loop: VirtualTimeLoop, wrap: Callable) -> Callable:
    def wrapped(future: Future[object]) -> asyncio.Future[object]:
        waiting = wrap(future)
        if waiting.get_loop() is loop:
            loop.handed.add(waiting)
        return waiting

    return wrapped


def _start_in(loop: VirtualTimeLoop) -> Callable:
    def start(background: BackgroundSimulator, port: int = 0) -> None:
        state = background.simulator._state
        state.options = replace(state.options, first_token_s=_FIRST_TOKEN_S)
        _run(loop, background.simulator.start(port))

    return start


def _close_in(loop: VirtualTimeLoop) -> Callable:
    def close(background: BackgroundSimulator) -> None:
        work = background.simulator.close()
        is_ours = threading.current_thread() is threading.main_thread()
        if is_ours and loop.is_running():  # the program closes the one of its demo
            loop.create_task(work)
        else:
            _run(loop, work)

    return close


def _run(loop: VirtualTimeLoop, work: Coroutine[None, None, None]) -> None:
    if loop.is_running():
        asyncio.run_coroutine_threadsafe(work, loop).result()
    else:
        loop.run_until_complete(work)
