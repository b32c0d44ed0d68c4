"""A submission and its parts, the states that they go through, and their names."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

ID_PREFIX = "job_"
SUBMITTING = "submitting"
"""The status of a submission some of whose parts the server does not have yet."""


class BatchStatus(StrEnum):
    """The status of a batch, by its name in the API (Groq batch docs)."""

    VALIDATING = "validating"
    IN_PROGRESS = "in_progress"
    FINALIZING = "finalizing"
    CANCELLING = "cancelling"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """True if the batch does not change any more."""
        return self in _OVER

    @property
    def rest(self) -> LineStatus:
        """The status of a line of which an ended batch has neither an answer nor an error."""
        return _RESTS.get(self, LineStatus.FAILED)


class LineStatus(StrEnum):
    """The status of one line."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


_OVER = frozenset(
    {BatchStatus.COMPLETED, BatchStatus.CANCELLED, BatchStatus.EXPIRED, BatchStatus.FAILED}
)
_RESTS = {
    BatchStatus.EXPIRED: LineStatus.EXPIRED,
    BatchStatus.CANCELLED: LineStatus.CANCELLED,
}
# What is said of a submission whose parts stand differently: the first of these that any part has.
_TELLING = (*(status for status in BatchStatus if status not in _OVER), *reversed(BatchStatus))
RESUBMITTED = (LineStatus.FAILED, LineStatus.EXPIRED)
"""The lines that a resubmission sends."""


class Step(StrEnum):
    """The last step that was begun or done for a part; written down before it is taken.

    After a crash, UPLOADING and CREATING mean that the server may have done it or not: it is asked
    before anything is sent once more.
    """

    PLANNED = "planned"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    CREATING = "creating"
    CREATED = "created"
    COLLECTED = "collected"


@dataclass(frozen=True, slots=True)
class RemoteBatch:
    """A batch as the server tells it; times are Unix seconds.

    ``errors`` are the reasons for which its file was refused.
    """

    id: str
    status: BatchStatus
    input_file_id: str = ""
    total: int = 0
    completed: int = 0
    failed: int = 0
    output_file_id: str | None = None
    error_file_id: str | None = None
    ended: float | None = None
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One batch of a submission, as far as it has come."""

    submission_id: str
    number: int
    lines: int
    size: int
    step: Step = Step.PLANNED
    file_id: str | None = None
    batch_id: str | None = None
    status: BatchStatus | None = None
    completed: int = 0
    failed: int = 0
    output_file_id: str | None = None
    error_file_id: str | None = None
    ended: float | None = None
    problem: str = ""

    @property
    def file_name(self) -> str:
        """The name of its file on the server, by which it is found again."""
        return f"groqchat-{self.submission_id}-{self.number}.jsonl"

    @property
    def is_created(self) -> bool:
        """True if the server has the batch, or none will be created for it any more."""
        return self.step in {Step.CREATED, Step.COLLECTED}

    @property
    def is_over(self) -> bool:
        """True if nothing about it changes any more."""
        return self.step is Step.COLLECTED


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of collected lines by what became of them.

    ``to_resubmit`` are those that failed or expired and were not sent again yet.
    """

    completed: int = 0
    failed: int = 0
    expired: int = 0
    cancelled: int = 0
    to_resubmit: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """All lines that the user submits at once: one batch at the server, or several ones.

    ``created`` is a Unix time in seconds.

    ``digest`` names its content, so that the same file is not sent twice. ``estimate`` is what it
    was expected to cost in US dollars, ``cost`` what the answers so far did; None is unknown.
    ``resubmits`` is the id of the submission whose lines it sends again, ``resubmitted_as`` the
    shown ids of those that send its own again, the oldest first. ``fingerprint`` names the key,
    ``place`` the address of the server. ``models`` are all that it asks. ``session_id`` is the
    session of the set of prompts whose answers these are, None for any other batch.
    """

    id: str
    name: str
    created: float
    window: str
    digest: str
    profile: str
    fingerprint: str
    place: str
    models: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    estimate: Decimal | None = None
    cost: Decimal | None = None
    resubmits: str | None = None
    resubmitted_as: tuple[str, ...] = ()
    session_id: str | None = None
    tally: Tally = field(default_factory=Tally)

    @property
    def shown_id(self) -> str:
        """The id that is shown: Groq's where there is one batch, else our own."""
        only = self.parts[0].batch_id if len(self.parts) == 1 else None
        return only or self.id

    @property
    def batches(self) -> list[str]:
        """The ids of its batches at the server."""
        return [part.batch_id for part in self.parts if part.batch_id]

    @property
    def status(self) -> str:
        """The status in the API's words, or ``submitting``."""
        if not self.is_submitted:
            return SUBMITTING
        statuses = {part.status for part in self.parts}
        return next((status for status in _TELLING if status in statuses), SUBMITTING)

    @property
    def is_submitted(self) -> bool:
        """True if the server has all of it."""
        return all(part.is_created for part in self.parts)

    @property
    def is_over(self) -> bool:
        """True if all that will ever come back is here."""
        return all(part.is_over for part in self.parts)

    @property
    def total(self) -> int:
        """The number of its lines."""
        return sum(part.lines for part in self.parts)

    @property
    def completed(self) -> int:
        """The number of lines that are answered: as collected, before that as the server tells."""
        if self.is_over:
            return self.tally.completed
        return sum(part.completed for part in self.parts)

    @property
    def failed(self) -> int:
        """The number of lines that failed or expired."""
        if self.is_over:
            return self.tally.failed + self.tally.expired
        return sum(part.failed for part in self.parts)

    @property
    def are_failed_sent_again(self) -> bool:
        """True if it had failed lines, and all of them were sent again."""
        return bool(self.failed and self.resubmitted_as and not self.tally.to_resubmit)

    @property
    def problems(self) -> list[str]:
        """The reasons for which the server refused files."""
        return [part.problem for part in self.parts if part.problem]
