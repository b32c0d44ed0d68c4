"""The prompts of a session that wait until the answer before them is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pause(StrEnum):
    """Why a queue waits for the user.

    ``EDITED`` lasts until the prompt that was taken back is queued again or given up; a turn that
    is answered ends ``FAILED``; ``TOO_LONG`` waits until the user chooses how the next prompt is
    sent; the others end when the user goes on.
    """

    STOPPED = "stopped"
    FAILED = "failed"
    RESTARTED = "restarted"
    EDITED = "edited"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class QueuedPrompt:
    """A prompt that is not sent yet; ``id`` is that of the message which it becomes.

    ``created`` is the Unix time at which it was queued, in seconds.
    """

    id: str
    session_id: str
    text: str
    created: float


@dataclass(frozen=True, slots=True)
class PromptQueue:
    """The queued prompts of one session, the next one first; an empty queue is never paused."""

    prompts: tuple[QueuedPrompt, ...] = ()
    pause: Pause | None = None

    def __post_init__(self) -> None:
        if not self.prompts and self.pause is not None:
            object.__setattr__(self, "pause", None)

    @property
    def next(self) -> QueuedPrompt | None:
        """The prompt that is sent as soon as the session is free; None while paused or empty."""
        return self.first if self.pause is None else None

    @property
    def first(self) -> QueuedPrompt | None:
        """The prompt that is sent before the others, paused or not."""
        return self.prompts[0] if self.prompts else None

    @property
    def last(self) -> QueuedPrompt | None:
        """The prompt that was queued last."""
        return self.prompts[-1] if self.prompts else None

    def holding(self, prompts: Sequence[QueuedPrompt]) -> PromptQueue:
        """The queue with these prompts, as they are stored."""
        return replace(self, prompts=tuple(prompts))

    def paused(self, why: Pause) -> PromptQueue:
        """The queue after something that makes it wait; what it waits for already stays."""
        keeps = self.pause is not None and why is Pause.EDITED
        return self if keeps else replace(self, pause=why)

    def going_on(self, *ended: Pause) -> PromptQueue:
        """The queue once one of these reasons has ended; without any, all of them."""
        return replace(self, pause=None) if not ended or self.pause in ended else self
