"""How much the screen moves: what counts, turns, blinks or grows does so seldom where that is set.

The setting is that of the person at the terminal, so that it is one for the whole process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.events import DescendantFocus
    from textual.types import AnimationLevel

REDUCED = "reduced"
# The time between two steps of a countdown, and of an answer that grows, in seconds.
COUNTS_S = 10.0
GROWS_S = 1.0


class _Motion:
    is_reduced = False


def set_motion(motion: str) -> None:
    """Move from now on as the setting ``motion`` says."""
    _Motion.is_reduced = motion == REDUCED


def is_reduced() -> bool:
    """Whether as little moves as may be."""
    return _Motion.is_reduced


def tick_s(usual: float) -> float:
    """The seconds between two steps of a countdown or of a turning sign."""
    return max(usual, COUNTS_S) if _Motion.is_reduced else usual


def frame_s(usual: float) -> float:
    """The seconds between two frames of an answer that grows."""
    return max(usual, GROWS_S) if _Motion.is_reduced else usual


class Still:
    """An application that moves only as much as the setting says."""

    animation_level: AnimationLevel

    def keep_still(self, motion: str) -> None:
        """Move from now on as the setting ``motion`` says."""
        set_motion(motion)
        if is_reduced():
            self.animation_level = "none"

    def _on_descendant_focus(self, event: DescendantFocus) -> None:
        """Let the cursor of a field stand that has the focus now."""
        if is_reduced() and hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = False
