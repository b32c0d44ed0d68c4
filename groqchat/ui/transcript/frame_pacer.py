"""Frames of transcripts that grow beside each other: one transcript after another."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from groqchat.ui.terminal.textual_internals import HasTimers, call_after
from groqchat.ui.transcript.stream import Pace

if TYPE_CHECKING:
    from collections.abc import Callable


class Grower(HasTimers, Protocol):
    """A widget that lays out what came, once a frame."""

    def call_later(self, callback: Callable[[], None]) -> bool:
        """Call back once what is being done now is done."""

    def lay_out_news(self) -> None:
        """Lay out what came since the last frame."""

    def paint(self) -> None:
        """Paint what was laid out without waiting for the toolkit's own next frame."""


class FramePacer:
    """The pace of frames; transcripts that share a pacer take no more time together than one would.

    Each has a frame of its own, between those of the others: keys come through between two small
    ones sooner than after one of all.
    """

    def __init__(self) -> None:
        self._pace = Pace()
        self._waiting: list[Grower] = []
        self._is_scheduled = False

    def want_frame(self, grower: Grower) -> None:
        """See to it that a frame comes for a widget that is mounted."""
        if grower not in self._waiting:
            self._waiting.append(grower)
        self._schedule(len(self._waiting))

    @property
    def is_awaited(self) -> bool:
        """Whether a frame is due."""
        return self._is_scheduled

    def spend(self, seconds: float) -> None:
        """The frame took so much time, or so much more."""
        self._pace.spend(seconds)

    def _schedule(self, growers: int) -> None:
        if self._is_scheduled or not self._waiting:
            return
        self._is_scheduled = True
        if due := self._pace.due(perf_counter(), growers):
            call_after(self._waiting[0], due, self._beat)
        else:
            self._waiting[0].call_later(self._beat_at_once)

    def _beat_at_once(self) -> None:
        """The frame after a silence, such as that of the first words, which nobody waits for."""
        grower = self._waiting[0]
        self._beat()
        grower.paint()

    def _beat(self) -> None:
        grower = self._waiting.pop(0)
        begin = perf_counter()
        self._pace.begin(begin)
        grower.lay_out_news()
        self._pace.spend(perf_counter() - begin)
        # Only now: whoever wants a frame meanwhile gets it when it is known what this one cost.
        self._is_scheduled = False
        self._schedule(len({*self._waiting, grower}))  # it will soon want another
