"""The scheduler of all requests of the process, which share its lanes.

A lane (:mod:`groqchat.services.scheduling.lane`) is the queue of one model at one provider. The
turns of chats, comparisons and judges take a direct slot there by themselves. The jobs of sets and
of audio are run by a :class:`JobQueue`, which gives their events as a single stream:

    scheduler = Scheduler(clock, most=jobs)
    queue = JobQueue(scheduler.lane(None, model), (partial(answer, prompt) for prompt in prompts))
    async with aclosing(queue.events()) as events:
        async for event in events: ...

A job gets its :class:`~groqchat.services.scheduling.lane.Slot`, and hands it to ``Turns.ask``, or
keeps to its protocol itself.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from groqchat.domain.scheduling.width import MOST, MOST_JOBS, Width
from groqchat.services.scheduling.lane import Lane, LaneSlot
from groqchat.services.scheduling.running import Running

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from groqchat.services.ports import Clock

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Job(Protocol[T_co]):
    """A job: given its slot, a stream of events that ends with it."""

    def __call__(self, slot: LaneSlot, /) -> AsyncGenerator[T_co, None]:
        """The events of the job."""


class LaneOf(Protocol):
    """The lanes of one account."""

    def __call__(self, provider: str | None, model: str, /) -> Lane:
        """The lane of a model; ``provider`` names another vendor's endpoint, None is Groq."""


class Scheduler:
    """The lanes of all accounts.

    Args:
        clock: Time.
        most: The most requests under way at once, in all lanes; None: each lane may have ``MOST``,
            and all of them ``MOST_JOBS``.
    """

    def __init__(self, clock: Clock, most: int | None = None) -> None:
        self._clock = clock
        self._most = most
        self._running = Running(most or MOST_JOBS)
        self._lanes: dict[tuple[str, str | None, str], Lane] = {}

    def lane(self, provider: str | None, model: str, account: str = "") -> Lane:
        """The lane of a model.

        Args:
            provider: The name of another vendor's endpoint; None is Groq.
            model: The model.
            account: What tells the account from others, whose limits are apart.
        """
        place = account, provider, model
        if place not in self._lanes:
            self._lanes[place] = Lane(self._clock, self._running, Width(self._most or MOST))
        return self._lanes[place]


@dataclass(frozen=True, slots=True)
class _Failure:
    """The error of a job, on its way to the reader of the events."""

    error: Exception


class JobQueue(Generic[T]):
    """The jobs of one lane, in their order.

    Args:
        lane: The lane.
        jobs: The jobs; each is taken when its turn has come, and gives a stream of events.
        most: The most jobs of this queue at once; None: as many as the lane allows.
        is_direct: Whether somebody waits for the jobs, so that they pass those that wait.
    """

    def __init__(
        self,
        lane: Lane,
        jobs: Iterable[Job[T]],
        *,
        most: int | None = None,
        is_direct: bool = False,
    ) -> None:
        self._lane = lane
        self._jobs = iter(jobs)
        self._most = most
        self._is_direct = is_direct
        self._events: asyncio.Queue[T | _Failure | None] = asyncio.Queue()
        self._running: dict[asyncio.Task[None], LaneSlot] = {}
        self._is_stopped = False

    def stop(self) -> None:
        """Begin no other job. Requests that are under way go on; jobs without one are cancelled."""
        self._is_stopped = True
        for task, slot in self._running.items():
            if not slot.is_under_way and task is not asyncio.current_task():
                task.cancel()

    async def events(self) -> AsyncGenerator[T, None]:
        """The events of all jobs as they come; read them with ``aclosing``.

        A stream that is closed early cancels all jobs and waits until they have cleaned up. An
        error in one job cancels the others, and is raised here.
        """
        feeding = asyncio.create_task(self._feed())
        try:
            while (event := await self._events.get()) is not None:
                if isinstance(event, _Failure):
                    raise event.error
                yield event
        finally:
            feeding.cancel()
            await asyncio.wait([feeding])

    async def _feed(self) -> None:
        """Begin each job as soon as the lane has a slot; tell when all have ended."""
        try:
            while True:
                slot = await self._open()
                if (job := self._next_job()) is None:
                    slot.close()
                    break
                task = asyncio.create_task(self._run(job, slot))
                self._running[task] = slot
                task.add_done_callback(self._running.pop)
            while self._running:
                await asyncio.wait(self._running)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
            self._events.put_nowait(None)

    async def _open(self) -> LaneSlot:
        """A slot for the next job, once there may be one."""
        while self._most is not None and len(self._running) >= self._most:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        return self._lane.direct() if self._is_direct else await self._lane.open()

    def _next_job(self) -> Job[T] | None:
        return None if self._is_stopped else next(self._jobs, None)

    async def _run(self, job: Job[T], slot: LaneSlot) -> None:
        try:
            async with aclosing(job(slot)) as events:
                async for event in events:
                    self._events.put_nowait(event)
        except Exception as error:  # noqa: BLE001  # it is raised where the events are read
            self._events.put_nowait(_Failure(error))
        finally:
            slot.close()
