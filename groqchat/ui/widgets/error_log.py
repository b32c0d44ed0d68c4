"""The last errors, for the list of them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.errors.tree import GroqchatError

KEPT_ERRORS = 200


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """An error, the Unix time at which it was shown, and the session whose turn had it, if any."""

    time: float
    error: GroqchatError
    session_id: str = ""


class ErrorLog:
    """The last errors, the newest first."""

    def __init__(self) -> None:
        self._records: deque[ErrorRecord] = deque(maxlen=KEPT_ERRORS)

    def add(self, time: float, error: GroqchatError, session_id: str = "") -> None:
        """Keep one; the oldest makes room."""
        # Its traceback would keep the whole turn with it: frames, tasks, the answer.
        error.__traceback__ = error.__context__ = None
        self._records.appendleft(ErrorRecord(time, error, session_id))

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[ErrorRecord]:
        return iter(tuple(self._records))
