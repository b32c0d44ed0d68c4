"""The store of the runs of sets, as a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.prompt_sets.prompt_set import SetFailure, SetRecord
    from groqchat.domain.prompt_sets.rubrics import StoredVerdict


class SetRecords(Protocol):
    """The stored runs. Every call may raise ``StorageError``."""

    async def last(self, place: str) -> SetRecord | None:
        """The newest run of a file; None where there is none."""

    async def save(self, record: SetRecord) -> None:
        """Store a run whose session is stored already, or change how a stored run is asked."""

    async def failures(self, session_id: str) -> Sequence[SetFailure]:
        """The last failure of each prompt and model in a session."""

    async def note(self, failure: SetFailure) -> None:
        """Store a failure; it replaces an earlier one of the same prompt and model."""

    async def verdicts(self, session_id: str) -> Sequence[StoredVerdict]:
        """The verdicts of judges on the answers in a session, the oldest first."""

    async def save_verdict(self, verdict: StoredVerdict) -> None:
        """Store a verdict; it replaces an earlier one of the judge by the same rubric."""
