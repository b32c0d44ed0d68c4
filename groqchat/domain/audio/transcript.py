"""The text of audio with its times, as the server tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word; ``start`` and ``end`` are seconds from the beginning of the audio."""

    text: str
    start: float
    end: float

    def later(self, seconds: float) -> Word:
        """A copy of the word in audio that begins so much earlier."""
        return Word(self.text, self.start + seconds, self.end + seconds)

    @property
    def middle(self) -> float:
        """The time in the middle of the word."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech, about a sentence; times are seconds from the beginning of the audio."""

    text: str
    start: float
    end: float

    def later(self, seconds: float) -> Segment:
        """A copy of the segment in audio that begins so much earlier."""
        return Segment(self.text, self.start + seconds, self.end + seconds)


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said in an audio file.

    ``duration_s`` is the length of the audio as the server measured it, None where it did not say.
    ``segments`` and ``words`` are empty where they were not asked for.
    """

    text: str
    language: str | None = None
    duration_s: float | None = None
    segments: tuple[Segment, ...] = ()
    words: tuple[Word, ...] = ()

    def later(self, seconds: float) -> Transcript:
        """The transcript of audio that is a part of other audio and begins there at a time."""
        return replace(
            self,
            segments=tuple(segment.later(seconds) for segment in self.segments),
            words=tuple(word.later(seconds) for word in self.words),
        )
