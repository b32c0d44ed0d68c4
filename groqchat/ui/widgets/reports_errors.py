"""Widgets that survive expected failures: they are said, and the work goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.widget import Widget

from groqchat.domain.errors.tree import GroqchatError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.worker import Worker


class Sturdy(Widget):
    """A base for widgets whose handlers and workers use what may fail, such as the database.

    Textual ends the program when a handler or a worker raises. An expected failure is told by
    :class:`Mishap` instead; a bug still ends the program.
    """

    @dataclass
    class Mishap(Message):
        """Something could not be done."""

        error: GroqchatError

    async def _on_message(self, message: Message) -> None:
        try:
            await super()._on_message(message)
        except GroqchatError as error:
            self.post_message(self.Mishap(error))

    def run_surely(self, work: Coroutine[Any, Any, object], *, group: str) -> Worker[None]:
        """Run a worker that may fail as expected."""

        async def attempt() -> None:
            await self._attempt(work)

        worker: Worker[None] = self.run_worker(attempt, group=group)
        if worker._task is not None:
            # A worker that is cancelled before it starts never awaits its work.
            worker._task.add_done_callback(lambda _task: work.close())
        return worker

    def run_alone(
        self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str
    ) -> Worker[None]:
        """The same; what runs in the group ends, and what has not begun never does."""

        async def attempt() -> None:
            await self._attempt(work())

        return self.run_worker(attempt, group=group, exclusive=True)

    async def _attempt(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except GroqchatError as error:
            self.post_message(self.Mishap(error))
