"""What is said where nothing of this run can be kept, since the home cannot be written to."""

from __future__ import annotations

from typing import Protocol

SIGN = "disk trouble: nothing is saved"
LOSS = "Nothing of this run is kept"


class _Run(Protocol):
    @property
    def forgets(self) -> bool: ...


def with_loss(run: _Run, said: str) -> str:
    """A sentence about something stored, and that it lasts no longer than a run that forgets."""
    return f"{said} {LOSS}, so this lasts until you quit." if run.forgets else said
