"""Protocols of what batches need from the layers beside the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from groqchat.domain.batch.job import Job, LineStatus, Part, RemoteBatch
    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.batch.results import BookedResult, LineResult, StoredResult


class BatchServer(Protocol):
    """The Batch API of an account. Every call sends once and raises only ``GroqchatError``."""

    async def upload(self, name: str, content: bytes) -> str:
        """Upload the file of a batch; returns its id."""

    async def uploaded(self, name: str) -> str | None:
        """The id of the uploaded file of a name; None where there is none."""

    async def create(self, file_id: str, window: str) -> RemoteBatch:
        """Create the batch of an uploaded file."""

    async def created_from(self, file_id: str) -> RemoteBatch | None:
        """The batch that was created of a file; None where there is none."""

    async def retrieve(self, batch_id: str) -> RemoteBatch:
        """A batch as it stands now."""

    async def cancel(self, batch_id: str) -> RemoteBatch:
        """Cancel a batch; one that has ended does not change."""

    def results(self, file_id: str) -> AsyncGenerator[LineResult, None]:
        """The results in an output or error file, as they are downloaded."""


class BatchStore(Protocol):
    """The submissions of this machine. Every call may raise ``StorageError``."""

    def alone(self, digest: str) -> AbstractContextManager[None]:
        """Lock a content, so that no other process submits it; raises StorageError."""

    async def add(self, job: Job, lines: Sequence[BatchLine]) -> None:
        """Store a submission with its lines; those that are sent again are marked as such."""

    async def remove(self, job: Job) -> None:
        """Remove a submission of which nothing was sent."""

    async def save(self, part: Part) -> None:
        """Store how far a part has come; this survives a power cut."""

    async def find(self, name: str) -> Job | None:
        """The submission with an id, ours or Groq's, or enough of its beginning."""

    async def of_content(self, digest: str) -> Job | None:
        """The newest submission of some content."""

    async def jobs(self, *, limit: int = -1) -> Sequence[Job]:
        """The submissions, the newest first; -1 is all."""

    async def part_text(self, job_id: str, number: int) -> str:
        """The content of the file of a part."""

    async def models(self, part: Part) -> Mapping[str, str]:
        """The model of each line of a part, by custom id."""

    async def collect(self, part: Part, results: Sequence[BookedResult]) -> int:
        """Store results and book what they cost, each line once; returns how many were new."""

    async def finish(self, part: Part, rest: LineStatus) -> None:
        """Store the end of a part; lines without a result get a status too."""

    async def results(self, job_id: str, start: int, end: int) -> Sequence[StoredResult]:
        """The results of the lines from one place to another, in the order of the input."""

    async def to_resubmit(self, job_id: str) -> Sequence[BatchLine]:
        """The lines that failed or expired and were not sent again yet."""
