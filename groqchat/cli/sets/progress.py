"""The progress of a set of prompts: bars on a terminal, lines of narration elsewhere."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from groqchat.cli.output import DIM, draws_bars, narrate, narrate_error
from groqchat.cli.work_bar import FRAME_S, RedrawnLines, bar
from groqchat.domain.text.humanize import count, countdown, counted, duration, money
from groqchat.domain.turns.chat import Answered, Sending, Waiting
from groqchat.domain.turns.finish_reasons import ending
from groqchat.services.compare.column import Failed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from groqchat.services.prompt_sets.events import SetTurnEvent
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun

# The room for what a model does now, so that bars do not change their length with it.
_NOTES = 28


@dataclass(slots=True)
class ModelProgress:
    """The progress of one model; ``waits_until`` is a monotonic second, 0 while not waiting."""

    model: str
    total: int
    done: int = 0
    failed: int = 0
    note: str = ""
    waits_until: float = 0.0

    def follow(self, happened: SetTurnEvent) -> None:
        """Update the counts and the note by an event of a turn."""
        match happened.event:
            case Sending():
                self.note, self.waits_until = f"asks {happened.prompt.label}", 0.0
            case Waiting(until=until, error=error):
                kind = error.facts.limit_kind
                self.note = f"waits for {kind}" if kind else "tries again"
                self.waits_until = until
            case Answered():
                self.done += 1
            case Failed():
                self.done += 1
                self.failed += 1

    def settle(self, done: int, failed: int) -> None:
        """Update the counts by those of all machines; what is on its way there counts already."""
        self.done, self.failed = max(self.done, done), max(self.failed, failed)


class ProgressDisplay(Protocol):
    """A display of the events of a set."""

    def settled(self, model: str, done: int, failed: int) -> None:
        """Show how far all machines that ask the set have come with a model."""

    def joint(self, workers: int, done: int, total: int) -> None:
        """Show how many machines ask, and how many answers all of them have."""

    def say(self, sentence: str) -> None:
        """Show a sentence about the set."""

    def show(self, happened: SetTurnEvent) -> None:
        """Show an event of a turn."""

    def ended(self, model: str, sentence: str) -> None:
        """Show that nothing more is asked of a model; the sentence says why it stopped early."""


@asynccontextmanager
async def shown_progress(
    run: PromptSetRun, now: Callable[[], float]
) -> AsyncGenerator[ProgressDisplay, None]:
    """A display that fits stderr: bars on a terminal, else lines."""
    total = len(run.prompts)
    models = {
        model: ModelProgress(model, total, done=total - len(run.pending(model)))
        for model in run.options
    }
    if not draws_bars(len(models)):
        yield ProgressLines(models)
        return
    bars = ProgressBars(models, now)
    ticking = asyncio.create_task(bars.keep_drawing())
    try:
        yield bars
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        bars.draw()


class ProgressLines:
    """A line of narration for each answer, failure and wait.

    Args:
        models: The progress of each model.
    """

    def __init__(self, models: Mapping[str, ModelProgress]) -> None:
        self._lanes = models

    def show(self, happened: SetTurnEvent) -> None:
        """Show an event of a turn."""
        self._lanes[happened.model].follow(happened)
        done = sum(lane.done for lane in self._lanes.values())
        total = sum(lane.total for lane in self._lanes.values())
        place = f"{happened.model} · {happened.prompt.label}"
        match happened.event:
            case Waiting(wait, error=error):
                narrate(f"{place}: {error.message} Waiting {countdown(wait)}…", DIM)
            case Answered(answer):
                took = duration(answer.timing.total_s if answer.timing else None)
                how = f", {said}" if (said := ending(answer)) else ""
                narrate(f"[{done}/{total}] {place}: answered in {took}{how}", DIM)
            case Failed(error):
                narrate_error(f"[{done}/{total}] {place}: {error.message}")

    def settled(self, model: str, done: int, failed: int) -> None:
        """Count what all machines have done; lines show it with the next answer."""
        self._lanes[model].settle(done, failed)

    def joint(self, workers: int, done: int, total: int) -> None:
        """Narrate how many machines ask, and how many answers all of them have."""
        by = counted(workers, "worker")
        narrate(f"{by}: {count(done)} of {counted(total, 'answer')} are there.", DIM)

    def say(self, sentence: str) -> None:
        """Narrate a sentence about the set."""
        narrate(sentence, DIM)

    def ended(self, model: str, sentence: str) -> None:
        """Show that nothing more is asked of a model."""
        if sentence:
            narrate_error(f"{model} stopped: {sentence}")


class ProgressBars:
    """A bar for each model, redrawn in place; messages scroll by above the bars.

    Args:
        models: The progress of each model.
        now: Gives a monotonic time in seconds.
    """

    def __init__(self, models: Mapping[str, ModelProgress], now: Callable[[], float]) -> None:
        self._lanes = models
        self._now = now
        self._begun = now()
        self._place = RedrawnLines()
        self._spent: Decimal | None = Decimal(0)
        self._workers = 1

    async def keep_drawing(self) -> None:
        """Draw until cancelled: waits count down although nothing happens."""
        while True:
            self.draw()
            await asyncio.sleep(FRAME_S)

    def show(self, happened: SetTurnEvent) -> None:
        """Show an event of a turn."""
        self._lanes[happened.model].follow(happened)
        match happened.event:
            case Answered(answer):
                known = self._spent is not None and answer.cost is not None
                self._spent = self._spent + answer.cost.total if known else None  # type: ignore[operator, union-attr]  # both are known
            case Failed(error):
                self._above(f"{happened.model} · {happened.prompt.label}: {error.message}")

    def settled(self, model: str, done: int, failed: int) -> None:
        """Show how far all machines have come with a model."""
        self._lanes[model].settle(done, failed)

    def joint(self, workers: int, done: int, total: int) -> None:
        """Show how many machines ask; the bars show how far they are."""
        self._workers = workers

    def say(self, sentence: str) -> None:
        """Show a sentence above the bars."""
        self._above(sentence)

    def ended(self, model: str, sentence: str) -> None:
        """Show that nothing more is asked of a model."""
        lane = self._lanes[model]
        lane.note, lane.waits_until = ("stopped" if sentence else "done"), 0.0
        if sentence:
            self._above(f"{model} stopped: {sentence}")

    def draw(self) -> None:
        """Draw the bars in their place."""
        width = self._place.width
        lines = (self._line(lane, width) for lane in self._lanes.values())
        self._place.draw(*lines, self._sum())

    def _above(self, sentence: str) -> None:
        self._place.clear()
        narrate_error(sentence)
        self.draw()

    def _line(self, lane: ModelProgress, width: int) -> str:
        name = max(map(len, self._lanes))
        figures = f"{lane.done:>{len(str(lane.total))}}/{lane.total}"
        wait = countdown(lane.waits_until - self._now()) if lane.waits_until else ""
        failed = f"{count(lane.failed)} failed" if lane.failed else ""
        notes = " · ".join(note for note in (f"{lane.note} {wait}".strip(), failed) if note)
        room = width - name - len(figures) - _NOTES - 6
        return f"{lane.model:<{name}}  {bar(lane.done, lane.total, room)}  {figures}  {notes}"

    def _sum(self) -> str:
        done = sum(lane.done for lane in self._lanes.values())
        total = sum(lane.total for lane in self._lanes.values())
        took = duration(self._now() - self._begun)
        by = f" · {count(self._workers)} workers" if self._workers > 1 else ""
        return f"{count(done)} of {count(total)} · {money(self._spent)} · {took}{by}"
