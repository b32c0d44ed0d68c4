"""Text that arrived and is not shown yet, and when to show it."""

from __future__ import annotations

from dataclasses import dataclass, field

from groqchat.ui.terminal.motion import frame_s

FRAME = 1 / 30
"""Seconds from frame to frame, at least."""

_IDLE = 3
"""A frame that cost so many seconds is followed by this many times as much pause."""

SLICE = 16_384
"""Characters laid out in one frame, at most."""


@dataclass(slots=True)
class Growing:
    """The text of an entry that grows: all of it, and how much of it was laid out."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    fresh_text: list[str] = field(default_factory=list)
    fresh_reasoning: list[str] = field(default_factory=list)

    @property
    def is_fresh(self) -> bool:
        """Whether there is text not yet taken."""
        return bool(self.fresh_text or self.fresh_reasoning)

    def take(self, limit: int = SLICE) -> tuple[str, str]:
        """Text and reasoning to lay out next, of each at most so many characters."""
        return _take(self.fresh_text, self.text, limit), _take(
            self.fresh_reasoning, self.reasoning, limit
        )

    @property
    def whole(self) -> tuple[str, str]:
        """All text and reasoning that came, taken or not."""
        return (
            "".join(self.text + self.fresh_text),
            "".join(self.reasoning + self.fresh_reasoning),
        )


def _take(fresh: list[str], taken: list[str], limit: int) -> str:
    text = "".join(fresh)
    fresh[:] = [text[limit:]] if len(text) > limit else []
    if text:
        taken.append(text[:limit])
    return text[:limit]


class Pace:
    """Decides when the next frame is due, so that painting never takes more than its share."""

    def __init__(self) -> None:
        self._last = float("-inf")
        self._cost = 0.0

    def due(self, now: float, growers: int = 1) -> float:
        """Seconds until the next frame, none if nothing was painted lately.

        Args:
            now: The time.
            growers: How many take frames by turns.
        """
        return max(0.0, self._last + max(frame_s(FRAME) / growers, _IDLE * self._cost) - now)

    def begin(self, now: float) -> None:
        """Note that a frame begins."""
        self._last, self._cost = now, 0.0

    def spend(self, seconds: float) -> None:
        """Add the seconds that the frame took."""
        self._cost += seconds
