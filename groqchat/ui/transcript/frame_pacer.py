"""Frames of transcripts that grow beside each other: one transcript after another."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from groqchat.ui.transcript.stream import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer


class Grower(Protocol):
    """A widget that lays out what came, once a frame."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call back after so many seconds."""

    def lay_out_news(self) -> None:
        """Lay out what came since the last frame."""


class FramePacer:
    """The pace of frames; transcripts that share a pacer take no more time together than one would.

    Each has a frame of its own, between those of the others: keys come through between two small
    ones sooner than after one of all.
    """

    def __init__(self) -> None:
        self._pace = Pace()
        self._waiting: list[Grower] = []
        self._timer: Timer | None = None

    def want_frame(self, grower: Grower) -> None:
        """See to it that a frame comes for a widget that is mounted."""
        if grower not in self._waiting:
            self._waiting.append(grower)
        self._schedule(len(self._waiting))

    @property
    def is_awaited(self) -> bool:
        """Whether a frame is due."""
        return self._timer is not None

    def spend(self, seconds: float) -> None:
        """The frame took so much time, or so much more."""
        self._pace.spend(seconds)

    def _schedule(self, growers: int) -> None:
        if self._timer is None and self._waiting:
            due = self._pace.due(perf_counter(), growers)
            self._timer = self._waiting[0].set_timer(due, self._beat)

    def _beat(self) -> None:
        grower = self._waiting.pop(0)
        begin = perf_counter()
        self._pace.begin(begin)
        grower.lay_out_news()
        self._pace.spend(perf_counter() - begin)
        # Only now: whoever wants a frame meanwhile gets it when it is known what this one cost.
        self._timer = None
        self._schedule(len({*self._waiting, grower}))  # it will soon want another
