"""An approval that lasts: calls of one tool run unasked until the tool changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Approval:
    """A lasting approval of a tool; ``time`` is when it was given, as Unix time."""

    fingerprint: str
    source: str
    name: str
    time: float
