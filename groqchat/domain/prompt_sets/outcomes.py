"""The outcome of one prompt of a set at one model, and how many checks were passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.prompt_sets.checks import Check
    from groqchat.domain.prompt_sets.prompt_set import SetFailure, SetPrompt
    from groqchat.domain.turns.chat import Message


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one model on one prompt; ``passed`` holds that of each of ``checks``, in order.

    An undecided check has None. ``notes`` are the figures that checks measured, or the reasons why
    they are undecided, in the same order.
    An outcome without answer and failure was not asked yet; a missing answer is not checked.
    ``partial`` is the newest part of an answer that was stopped or broke off, where no whole answer
    is there.
    """

    prompt: SetPrompt
    model: str
    answer: Message | None
    failure: SetFailure | None
    passed: tuple[bool | None, ...]
    partial: Message | None = None
    notes: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def checked(self) -> list[tuple[Check, bool | None, str]]:
        """Each check with its result and its note; none while the answer is missing."""
        notes = self.notes or ("",) * len(self.passed)
        return list(zip(self.checks, self.passed, notes, strict=False))

    @property
    def missed(self) -> list[str]:
        """The checks that are not passed, in words with their notes."""
        return [
            f"{check} ({note})" if note else str(check)
            for check, passed, note in self.checked
            if passed is not True
        ]

    @property
    def passes(self) -> bool | None:
        """True if all checks are passed, False if not; None where nothing was checked."""
        return all(self.passed) if self.passed else None

    @property
    def is_unasked(self) -> bool:
        """True if the prompt has neither an answer nor a failure."""
        return self.answer is None and self.failure is None

    @property
    def is_missing(self) -> bool:
        """True if the prompt is still to be asked, at first or since the model was refused."""
        return is_missing(self.answer, self.failure)


@dataclass(frozen=True, slots=True)
class Passed:
    """Checks passed of those made; ``undecided`` are those of them that could not be decided."""

    passed: int
    of: int
    undecided: int = 0

    @property
    def share(self) -> float | None:
        """The passed part of all checks, from 0 to 1; None if there are none."""
        return self.passed / self.of if self.of else None

    def __str__(self) -> str:
        undecided = f" ({self.undecided:,} not decided)" if self.undecided else ""
        return f"{self.passed:,}/{self.of:,}{undecided}" if self.of else "–"


def is_missing(answer: Message | None, failure: SetFailure | None) -> bool:
    """True if a prompt is still to be asked: nothing came, or the model itself was refused."""
    return answer is None and (failure is None or failure.is_of_the_model)
