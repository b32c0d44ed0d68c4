"""The progress of a transcription, in seconds of sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count, countdown, duration
from groqchat.services.audio.transcription import AudioWait, PieceDone

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.limits.quota import QuotaView
    from groqchat.services.audio.transcription import AudioEvent


def limits_left(view: QuotaView) -> str:
    """What is left of the limits of a model that hears: ``left: ASH 6,840/7,200, ASD …``.

    Empty where no limit is known.
    """
    known = [level for level in view.levels if level.limit and level.remaining is not None]
    known.sort(key=lambda level: level.kind.counts != "seconds")
    figures = [f"{level.kind} {count(level.remaining)}/{count(level.limit)}" for level in known]
    return f"left: {', '.join(figures)}" if figures else ""


class AudioProgress:
    """How far a transcription is, what it waits for, and how long it will take.

    Args:
        total_s: The seconds of sound in all files.
        now: Gives a monotonic time in seconds.
        there_s: The seconds of sound whose text is there from an earlier run.
    """

    def __init__(self, total_s: float, now: Callable[[], float], there_s: float = 0.0) -> None:
        self.total_s = total_s
        self.done_s = self._there_s = there_s
        self._now = now
        self._begun = now()
        self._waits_until = 0.0
        self._waits_for = ""

    def follow(self, event: AudioEvent) -> None:
        """Count an event."""
        match event:
            case AudioWait(_, wait, error):
                kind = error.facts.limit_kind
                self._waits_for = f"waits for {kind}" if kind else "tries again"
                self._waits_until = self._now() + wait
            case PieceDone(seconds=heard):
                self.done_s += heard

    def words(self) -> str:
        """``4:10 of 12:30 of sound · waits for ASH 02:13``, or with the time that is left."""
        now = self._now()
        words = f"{duration(self.done_s)} of {duration(self.total_s)} of sound"
        if self._waits_until > now:
            return f"{words} · {self._waits_for} {countdown(self._waits_until - now)}"
        if self._there_s < self.done_s < self.total_s:
            done = self.done_s - self._there_s
            left = (now - self._begun) * (self.total_s - self.done_s) / done
            return f"{words} · about {duration(left)} left"
        return words
