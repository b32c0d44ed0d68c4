"""The stores that comparisons need, as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.compare.compare import ComparisonRecord, Note, Vote
    from groqchat.domain.compare.judging import Judgement


class Votes(Protocol):
    """The store of votes, notes and verdicts. Every call may raise ``StorageError``."""

    async def save(self, vote: Vote) -> None:
        """Store a vote in the place of an earlier one on the same turn."""

    async def all(self) -> Sequence[Vote]:
        """All votes, the oldest first."""

    async def save_note(self, note: Note) -> None:
        """Store a note in the place of an earlier one on the same turn; an empty one removes it."""

    async def notes(self) -> Sequence[Note]:
        """All notes, the newest first."""

    async def save_judgement(self, judged: Judgement) -> None:
        """Store a verdict in the place of an earlier one of the same judge on the same turn."""

    async def judgements(self) -> Sequence[Judgement]:
        """All verdicts of models, the oldest first."""


class ComparisonRecords(Protocol):
    """The store of comparisons. Every call may raise ``StorageError``."""

    async def save(self, record: ComparisonRecord) -> None:
        """Store the state of a comparison, whose session is stored already."""

    async def find(self, session_id: str) -> ComparisonRecord | None:
        """The record of the comparison in a session; None for any other session."""
