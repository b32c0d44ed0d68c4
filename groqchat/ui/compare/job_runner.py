"""The one thing that a comparison does at a time: begun, stopped, told whoever comes meanwhile."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled, WorkerFailed

from groqchat.domain.errors.tree import GroqchatError
from groqchat.ui.compare.jobs import Answers, Asking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.worker import Worker

    from groqchat.ui.compare.jobs import Errand
    from groqchat.ui.compare.screen import CompareScreen


# How long a line of words stays before the next one takes its place, in seconds.
READ_S = 2.0


class CompareWork:
    """Runs a turn, or whatever else takes its time.

    Args:
        screen: The comparison.
    """

    def __init__(self, screen: CompareScreen) -> None:
        self._screen = screen
        self._errand: Errand | None = None
        self._refused_at = -math.inf
        self._worker: Worker[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer, or a verdict, is being written."""
        return self._errand is not None

    @property
    def is_turn(self) -> bool:
        """Whether answers are being written, so that nothing said of those before holds."""
        return self._errand is not None and self._errand.is_turn

    def ask(self, text: str) -> None:
        """Send a prompt to all."""
        self.set_out(Asking(self._screen, text))

    def ask_again(self, numbers: Iterable[int]) -> None:
        """Have some columns answer the last prompt once more."""
        screen, again = self._screen, list(numbers)
        for number in again:
            screen.sides[number].begin(is_again=True)
        self.set_out(Answers(screen, screen.comparison.ask_again(again)))

    def set_out(self, errand: Errand) -> None:
        """Do something that Esc stops."""
        screen = self._screen
        screen.foot.say("")
        self._errand = errand
        self._worker = screen.run_worker(self._carry_out(errand), group="errand", name="errand")
        screen.board.show()

    async def _carry_out(self, errand: Errand) -> None:
        try:
            await errand.run()
        except GroqchatError as error:
            self._screen.foot.say(f"{error.message} {error.suggestion}", "$text-error")
        finally:
            self._errand = None
            if self._screen.is_attached:
                self._screen.board.show()

    async def stop(self) -> None:
        """Stop what is being done, and wait until that has come to its end."""
        if self._worker is not None and self.is_busy:
            self._worker.cancel()
            with suppress(WorkerFailed, WorkerCancelled):
                await self._worker.wait()
            self._errand = None  # one that was stopped before it began has not ended by itself
            for side in self._screen.sides:
                side.end()

    def refuse(self, reason: str) -> None:
        """Say why something is not done: because of what is being done, or for this reason."""
        self._refused_at = self._now
        self._screen.foot.say(self._errand.busy if self._errand else reason)

    def tick(self) -> None:
        """Time has passed; what was refused stays to be read."""
        if self._errand is not None and (self.is_turn or self._now > self._refused_at + READ_S):
            self._errand.tick()

    @property
    def _now(self) -> float:
        return self._screen.parts.clock.monotonic()
