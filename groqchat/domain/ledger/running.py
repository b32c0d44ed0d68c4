"""Requests of other processes of this machine that are under way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Running:
    """A request of another process that is under way.

    ``id`` is that of its answer, ``sent`` a Unix time, ``prompt_tokens`` the most that its prompt
    may have, and ``max_tokens`` the longest that its answer may be. ``audio_s`` are the seconds of
    a sound file.
    """

    id: str
    sent: float
    prompt_tokens: int = 0
    max_tokens: int = 0
    audio_s: float = 0.0
