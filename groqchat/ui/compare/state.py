"""The state of a comparison on the screen, which its board, jobs and commands share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.tree import GroqchatError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.services.compare.ballot import Ballot
    from groqchat.services.compare.compare import Comparison
    from groqchat.services.ports import Clock
    from groqchat.ui.compare.approving import Approving
    from groqchat.ui.compare.column_presenter import ColumnPresenter


class Say(Protocol):
    """Writes the line of words below the prompt."""

    def __call__(self, words: str, style: str = "") -> None:
        """Write the words in a style; empty words clear the line."""


class Job(Protocol):
    """Work that takes time, and that Esc stops.

    ``busy`` is the answer to a command that has to wait for the job. ``is_turn`` says that answers
    are being written, so that the judgements of the turn before do not hold.
    """

    busy: str
    is_turn: bool

    async def run(self) -> None:
        """Do the work; it is cancelled when it is stopped."""

    def tick(self) -> None:
        """Show that time has passed."""


@dataclass(slots=True)
class CompareState:
    """The state of a comparison on the screen.

    Attributes:
        comparison: The comparison.
        columns: The columns in their order on the screen.
        ballot: The judgements.
        clock: Time.
        say: Writes the line of words.
        focused: The number of the column that has the focus, or None.
        is_writing: Whether the prompt has the focus.
        approving: Asks whether calls of tools may run.
        job: The running job; None while there is none.
        refused_at: When a command was refused last (monotonic seconds).
    """

    comparison: Comparison
    columns: Sequence[ColumnPresenter]
    ballot: Ballot
    clock: Clock
    say: Say
    focused: Callable[[], int | None]
    is_writing: Callable[[], bool]
    approving: Approving
    job: Job | None = None
    refused_at: float = -math.inf

    @property
    def is_busy(self) -> bool:
        """Whether a job is running."""
        return self.job is not None

    @property
    def is_turn(self) -> bool:
        """Whether answers are being written."""
        return self.job is not None and self.job.is_turn

    @property
    def here(self) -> ColumnPresenter | None:
        """The column that has the focus, or None."""
        number = self.focused()
        return None if number is None else self.columns[number]

    @property
    def answered(self) -> list[ColumnPresenter]:
        """The columns with a complete answer; only these are judged."""
        return [column for column in self.columns if column.is_answered]

    @property
    def hides_names(self) -> bool:
        """Whether names are hidden, as `services/compare/compare.Comparison` decides."""
        return self.comparison.hides_names

    def refuse(self, reason: str, meanwhile: str = "") -> None:
        """Say why a command is not run: because of the running job, else for this reason.

        ``meanwhile`` is said behind the words about the job.
        """
        self.refused_at = self.clock.monotonic()
        self.say(f"{self.job.busy} {meanwhile}".strip() if self.job else reason)

    def say_error(self, error: GroqchatError, before: str = "") -> None:
        """Say what went wrong and what to do about it."""
        self.say(f"{before}{error.message} {error.suggestion}", "$text-error")

    async def is_saved(self, saving: Awaitable[None]) -> bool:
        """Wait until something is saved; returns False, and says why, where it cannot be."""
        try:
            await saving
        except GroqchatError as error:
            self.say_error(error)
            return False
        return True
