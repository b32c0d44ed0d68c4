"""The store of shared sets of prompts, as a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.team.set_runs import Exchange, Exchanged, SetPlan, SetRunUse, SharedRun


class SetRunStore(Protocol):
    """The sets that several machines ask together.

    Each call is one transaction. Each raises ``GroqchatError`` where the store cannot be used; the
    error's cause says why. Times are Unix times in seconds, and always the caller's.
    """

    async def join(self, plan: SetPlan, now: float, *, anew: bool) -> str:
        """Take part in the run of a set, which begins if there is none; returns its id.

        With ``anew``, a run that nobody works on is followed by another one.
        """

    async def enrol(self, run: SharedRun, now: float) -> None:
        """Become a worker of a run."""

    async def reopen(self, run: SharedRun, now: float) -> None:
        """Open the tasks again that have failed, but may succeed."""

    async def exchange(self, run: SharedRun, told: Exchange, now: float) -> Exchanged:
        """Tell the others what a worker has done, and claim what it asks next.

        What is told twice counts once.
        """

    async def counts(self, run: SharedRun, now: float) -> Mapping[int, int]:
        """The number of results of each task that has some."""

    async def results(
        self, run: SharedRun, numbers: Sequence[int], now: float
    ) -> Mapping[int, Sequence[str]]:
        """The results of some tasks."""

    async def leave(self, run: SharedRun, now: float) -> None:
        """Stop being a worker, and give back what is not settled."""

    async def runs(self, now: float) -> Sequence[SetRunUse]:
        """The runs in which the asking person takes part, the newest first."""

    async def delete(self, run: str, now: float) -> bool:
        """Delete a run with its answers; returns whether it was there."""

    async def close(self) -> None:
        """Close the connection."""
