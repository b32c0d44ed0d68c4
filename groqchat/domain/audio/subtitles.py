"""Subtitles in the formats SubRip (.srt) and WebVTT (.vtt)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.audio.transcript import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.audio.transcript import Word

CUE_CHARACTERS = 84
"""The longest text of a cue made of words: two lines of 42 characters, as broadcasters set them."""
CUE_S = 7.0
"""The longest time for which a cue made of words stays on the screen, in seconds."""
PAUSE_S = 0.8
"""A pause between two words, in seconds, at which a new cue begins."""


def srt(cues: Iterable[Segment | Word]) -> str:
    """The cues as SubRip; an empty string where there are none."""
    blocks = (
        f"{number}\n{_time(cue.start, ',')} --> {_time(_end(cue), ',')}\n{_line(cue.text)}\n"
        for number, cue in enumerate(_spoken(cues), 1)
    )
    return "\n".join(blocks)


def vtt(cues: Iterable[Segment | Word]) -> str:
    """The cues as WebVTT, whose three special characters are written as entities."""
    blocks = (
        f"{_time(cue.start, '.')} --> {_time(_end(cue), '.')}\n{_escaped(_line(cue.text))}\n"
        for cue in _spoken(cues)
    )
    return "\n".join(["WEBVTT\n", *blocks])


def cues_of_words(words: Sequence[Word]) -> tuple[Segment, ...]:
    """Cues that a reader can follow, made of timed words."""
    cues: list[Segment] = []
    for word in words:
        last = cues[-1] if cues else None
        if last is None or _begins_a_cue(last, word):
            cues.append(Segment(word.text.strip(), word.start, word.end))
        else:
            cues[-1] = Segment(f"{last.text} {word.text.strip()}", last.start, word.end)
    return tuple(cues)


def _begins_a_cue(last: Segment, word: Word) -> bool:
    return (
        word.start - last.end >= PAUSE_S
        or word.end - last.start > CUE_S
        or len(last.text) + 1 + len(word.text.strip()) > CUE_CHARACTERS
    )


def _spoken(cues: Iterable[Segment | Word]) -> Iterable[Segment | Word]:
    return (cue for cue in cues if cue.text.strip())


def _end(cue: Segment | Word) -> float:
    """The end of a cue; a player shows none whose end is not after its start."""
    return max(cue.end, cue.start + 0.001)


def _line(text: str) -> str:
    """The text on one line; an empty line would end the cue, an arrow would be read as times."""
    return " ".join(text.split()).replace("-->", "→")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(seconds: float, point: str) -> str:
    milliseconds = round(max(0.0, seconds) * 1000)
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{rest:03}"
