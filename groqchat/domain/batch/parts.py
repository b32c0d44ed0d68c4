"""The split of a submission's lines into parts, each of which becomes one batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.batch.lines import BatchLine

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """The most that one batch holds, in lines and in bytes.

    ``windows`` are the completion windows from the shortest to the longest. ``note`` says how
    certain the figures are, ``source`` where they come from and ``as_of`` when they were read.
    """

    lines: int
    size: int
    windows: tuple[str, ...]
    note: str = ""
    source: str = ""
    as_of: str = ""

    def longer_window(self, window: str) -> str:
        """The next longer window; the longest for that itself and for an unknown one."""
        if window not in self.windows:
            return self.windows[-1]
        place = self.windows.index(window) + 1
        return self.windows[min(place, len(self.windows) - 1)]


def split(lines: Iterable[BatchLine], limits: BatchLimits) -> list[Sequence[BatchLine]]:
    """The lines in as few parts as their order allows.

    Raises:
        ValueError: One line alone is larger than a batch may be.
    """
    parts: list[list[BatchLine]] = []
    size = 0
    for line in lines:
        own = line.size
        if own > limits.size:
            most = count(limits.size // MEGABYTE) if limits.size >= MEGABYTE else "less than 1"
            raise ValueError(f"the line {line.custom_id!r} is larger than a batch ({most} MB)")
        if not parts or len(parts[-1]) >= limits.lines or size + own > limits.size:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += own
    return [*parts]
