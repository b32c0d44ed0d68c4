"""Runs the jobs of a comparison, one at a time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled, WorkerFailed

from groqchat.domain.errors.tree import GroqchatError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.worker import Worker

    from groqchat.ui.compare.state import CompareState, Job

    Start = Callable[[Coroutine[None, None, None]], Worker[None]]

# The time for which the answer to a refused command stays, in seconds.
READ_S = 2.0


class JobRunner:
    """Runs a job, and stops it.

    Args:
        state: The comparison on the screen.
        start: Starts work in a worker.
        show: Writes everything anew that depends on the job.
        ended: Called once a job has ended.
    """

    def __init__(
        self,
        state: CompareState,
        start: Start,
        show: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self._state = state
        self._start = start
        self._show = show
        self._ended = ended
        self._worker: Worker[None] | None = None

    def start(self, job: Job) -> None:
        """Begin a job."""
        self._state.say("")
        self._state.job = job
        self._worker = self._start(self._run(job))
        self._show()

    async def _run(self, job: Job) -> None:
        try:
            await job.run()
        except GroqchatError as error:
            self._state.say_error(error)
        finally:
            self._state.job = None
            self._ended()

    async def stop(self) -> None:
        """Stop the running job, if any, and wait for its end."""
        state = self._state
        if self._worker is not None and state.is_busy:
            self._worker.cancel()
            with suppress(WorkerFailed, WorkerCancelled):
                await self._worker.wait()
            state.job = None  # a job that is stopped before it begins does not reach its end
            for column in state.columns:
                column.end()

    def tick(self) -> None:
        """Let the job show that time has passed, unless the answer to a refusal is being read."""
        state = self._state
        is_read = state.clock.monotonic() > state.refused_at + READ_S
        if state.job is not None and (state.is_turn or is_read):
            state.job.tick()
