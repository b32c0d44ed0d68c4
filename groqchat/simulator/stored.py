"""Files and batches as an account keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# How long the steps of a batch take: checking the file, then so many lines a second, then writing.
_VALIDATING_S = 2.0
_LINES_PER_S = 5.0
_FINALIZING_S = 1.0
_HOUR_S, _DAY_S = 3_600, 86_400


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded or written file; ``created`` is a Unix time in seconds."""

    id: str
    filename: str
    purpose: str
    created: float
    content: bytes

    def shape(self) -> dict[str, Any]:
        """The file object of the API."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": int(self.created),
            "filename": self.filename,
            "purpose": self.purpose,
        }


@dataclass(slots=True)
class Batch:
    """A batch, whose progress is computed from the seconds since ``created``.

    ``answers`` and ``errors`` are the lines of its result files; it is validated until there is one
    for each of its ``total`` requests. The last ``expired`` of the errors are those of requests
    that the window was too short for.
    """

    id: str
    input_file_id: str
    window: str
    metadata: dict[str, str] | None
    created: float
    total: int
    answers: list[bytes]
    errors: list[bytes]
    output_file_id: str | None = None
    error_file_id: str | None = None
    cancelled: float | None = None
    expired: int = 0

    @property
    def window_end(self) -> float:
        """The Unix time at which the completion window ends."""
        amount, unit = int(self.window[:-1]), self.window[-1]
        return self.created + amount * (_DAY_S if unit == "d" else _HOUR_S)

    @property
    def is_answered(self) -> bool:
        """True once each request has its answer or its error."""
        return len(self.answers) + len(self.errors) == self.total

    @property
    def ready(self) -> float:
        """The Unix time at which the batch has ended."""
        if self.expired:
            return self.window_end
        return self.created + _VALIDATING_S + self.total / _LINES_PER_S + _FINALIZING_S

    def status(self, now: float) -> str:
        """The status of the batch at a Unix time, by its name in the API."""
        if self.cancelled is not None:
            return "cancelling" if now < self.cancelled + _FINALIZING_S else "cancelled"
        if now < self.created + _VALIDATING_S or not self.is_answered:
            return "validating"
        if now >= self.ready:
            return "expired" if self.expired else "completed"
        return "finalizing" if now >= self.ready - _FINALIZING_S else "in_progress"

    def done(self, now: float) -> int:
        """The number of requests answered by a Unix time."""
        if not self.is_answered:
            return 0
        until = now if self.cancelled is None else min(now, self.cancelled)
        worked = max(0.0, until - self.created - _VALIDATING_S) * _LINES_PER_S
        return min(self.total - self.expired, int(worked))
