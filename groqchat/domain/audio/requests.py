"""Requests that turn sound into text, and their answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import Reading
from groqchat.domain.money.pricing import MINIMUM_AUDIO_S
from groqchat.domain.text.humanize import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.audio.transcript import Transcript

TYPES = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")
"""The endings of file names that Groq takes (API reference, transcriptions)."""
MEGABYTE = 1024 * 1024
UPLOAD_BYTES = 25 * MEGABYTE
"""The largest upload; larger files are taken from a URL alone (speech docs)."""
PROMPT_BYTES = 896
"""The longest prompt in bytes: 224 tokens (API reference), at four bytes a token."""

TRANSCRIBER = "whisper-large-v3-turbo"
"""The model that transcribes where none is named."""
TRANSLATOR = "whisper-large-v3"
"""The only model that translates (speech docs)."""
SIDE_BY_SIDE = 4
"""The most requests at once where the user does not say."""


class Timestamps(StrEnum):
    """The finest times that are asked for."""

    SEGMENT = "segment"
    WORD = "word"


NOTHING_TOLD = Reading(0.0)


@dataclass(frozen=True, slots=True)
class AudioOptions:
    """How sound is turned into text.

    ``language`` is that of the sound (ISO 639-1), None lets the server find out. ``prompt`` shows
    spellings and style. ``translates`` asks for an English text of foreign sound.
    """

    model: str
    language: str | None = None
    prompt: str | None = None
    timestamps: Timestamps = Timestamps.SEGMENT
    translates: bool = False


@dataclass(frozen=True, slots=True)
class AudioRequest:
    """One file to be sent, whose length in seconds is None where it is not known."""

    name: str
    content: bytes = field(repr=False)
    length_s: float | None
    options: AudioOptions

    @property
    def billed_s(self) -> float | None:
        """The seconds that are billed and counted: at least ten (speech docs)."""
        return None if self.length_s is None else billed(self.length_s)


@dataclass(frozen=True, slots=True)
class AudioAnswer:
    """The answer to one request: the text, and the limits in the headers."""

    transcript: Transcript
    request_id: str | None = None
    reading: Reading = NOTHING_TOLD


def billed(seconds: float) -> float:
    """The seconds that are billed for one request: at least ten (speech docs)."""
    return max(float(MINIMUM_AUDIO_S), seconds)


def minimum_note(lengths_s: Sequence[float]) -> str:
    """A note on requests of these seconds that are billed as longer ones; empty for none of them.

    >>> minimum_note([3.0]), minimum_note([3.0, 12.0]), minimum_note([12.0])
    ('billed as 10s, the minimum', 'billed as 22s, at least 10s a request', '')
    """
    if all(length >= MINIMUM_AUDIO_S for length in lengths_s):
        return ""
    least = "the minimum" if len(lengths_s) == 1 else f"at least {MINIMUM_AUDIO_S}s a request"
    return f"billed as {duration(sum(map(billed, lengths_s)))}, {least}"


def exact_s(seconds: float) -> Decimal:
    """The seconds that are paid for, rounded to the hundredth."""
    return Decimal(str(round(seconds, 2)))
