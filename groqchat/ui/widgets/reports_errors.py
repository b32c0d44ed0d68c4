"""A base of widgets that report expected errors and go on, instead of ending the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from textual.message import Message
from textual.worker import Worker

from groqchat.domain.errors.tree import GroqchatError
from groqchat.ui.terminal.textual_internals import SeesMessages, when_ended

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine


class Run(Protocol):
    """Runs work in a worker of a group; see :meth:`ReportsErrors.run_work`."""

    def __call__(self, work: Coroutine[Any, Any, object], *, group: str) -> Worker[None]:
        """Start the work."""


class RunAlone(Protocol):
    """Runs work alone in its group; see :meth:`ReportsErrors.run_alone`."""

    def __call__(
        self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str
    ) -> Worker[None]:
        """Start the work."""


class ReportsErrors(SeesMessages):
    """A base of widgets whose handlers and workers use what may fail, such as the database.

    Textual ends the program when a handler or a worker raises. An expected error is posted as
    :class:`Failed` instead; a bug still ends the program.
    """

    @dataclass
    class Failed(Message):
        """A handler or a worker ended in an expected error."""

        error: GroqchatError

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - the widget's own
        super().__init__(*arguments, **named)
        # Three messages for each worker, which nobody reads.
        self.disable_messages(Worker.StateChanged)

    async def handle_message(
        self, message: Message, handle: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Handle a message; an expected error is reported."""
        try:
            await super().handle_message(message, handle)
        except GroqchatError as error:
            self.post_message(self.Failed(error))

    def run_work(self, work: Coroutine[Any, Any, object], *, group: str) -> Worker[None]:
        """Run work in a worker; an expected error is reported."""

        async def attempt() -> None:
            await self._attempt(work)

        worker: Worker[None] = self.run_worker(attempt, group=group)
        # A worker that is cancelled before it starts never awaits its work.
        when_ended(worker, work.close)
        return worker

    def run_alone(
        self, work: Callable[[], Coroutine[Any, Any, object]], *, group: str
    ) -> Worker[None]:
        """Run work that ends the other workers of its group, also those that have not begun."""

        async def attempt() -> None:
            await self._attempt(work())

        return self.run_worker(attempt, group=group, exclusive=True)

    async def _attempt(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except GroqchatError as error:
            self.post_message(self.Failed(error))
