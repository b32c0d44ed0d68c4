"""The protocol of the store of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.batch.results import BookedResult, StoredResult
    from groqchat.domain.batch.submission import LineStatus, Part, Submission


class BatchStore(Protocol):
    """The submissions of this machine. Every call may raise ``StorageError``."""

    def alone(self, digest: str) -> AbstractContextManager[None]:
        """Lock a content, so that no other process submits it; raises StorageError."""

    async def add(self, submission: Submission, lines: Sequence[BatchLine]) -> None:
        """Store a submission with its lines; those that are sent again are marked as such."""

    async def remove(self, submission: Submission) -> None:
        """Remove a submission of which nothing was sent."""

    async def save(self, part: Part) -> None:
        """Store how far a part has come; this survives a power cut."""

    async def find(self, name: str) -> Submission | None:
        """The submission with an id, ours or Groq's, or enough of its beginning."""

    async def of_content(self, digest: str) -> Submission | None:
        """The newest submission of some content."""

    async def submissions(self, *, limit: int = -1) -> Sequence[Submission]:
        """The submissions, the newest first; -1 is all."""

    async def of_session(self, session_id: str) -> Sequence[Submission]:
        """The submissions of a set of prompts by its session, the oldest first."""

    async def part_text(self, submission_id: str, number: int) -> str:
        """The content of the file of a part."""

    async def models(self, part: Part) -> Mapping[str, str]:
        """The model of each line of a part, by custom id."""

    async def collect(self, part: Part, results: Sequence[BookedResult]) -> int:
        """Store results and book what they cost, each line once; returns how many were new."""

    async def finish(self, part: Part, rest: LineStatus) -> None:
        """Store the end of a part; lines without a result get a status too."""

    async def results(self, submission_id: str, start: int, end: int) -> Sequence[StoredResult]:
        """The results of the lines from one place to another, in the order of the input."""

    async def requests_under_way(self, fingerprint: str, place: str) -> frozenset[str]:
        """What the lines of batches that have not ended ask, of a key at a server, without ids."""

    async def to_resubmit(self, submission_id: str) -> Sequence[BatchLine]:
        """The lines that failed or expired and were not sent again yet."""
