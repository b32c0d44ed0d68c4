"""Announced shutdowns: models that can still be called, with the day on which Groq ends them."""

from __future__ import annotations

from dataclasses import dataclass

from groqchat.domain.text.humanize import counted


@dataclass(frozen=True, slots=True)
class Shutdown:
    """An announced shutdown; ``on`` is an ISO date, ``days_left`` is negative when it has passed.

    ``source`` and ``as_of`` say where it was announced and when that was read.
    """

    model: str
    on: str
    days_left: int
    replacement: str | None
    source: str
    as_of: str

    @property
    def when(self) -> str:
        """The day and how far away it is: ``2026-12-11, in 12 days``."""
        if self.days_left < 0:
            return f"{self.on}, {counted(-self.days_left, 'day')} ago"
        return f"{self.on}, {'today' if not self.days_left else self._soon}"

    @property
    def _soon(self) -> str:
        return f"in {counted(self.days_left, 'day')}"

    @property
    def in_short(self) -> str:
        """The time that is left, for where there is little room."""
        return "shutdown has passed" if self.days_left < 0 else f"shutdown {self._soon}"

    def __str__(self) -> str:
        instead = f" Use {self.replacement} instead." if self.replacement else ""
        return f"{self.model} is announced to be shut down on {self.when}.{instead}"
