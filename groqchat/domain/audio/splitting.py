"""How a long file is split into pieces: at the quietest places, without a word cut in two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW_S = 0.02
"""The length of the windows whose loudness is measured, in seconds."""
LONGEST_PIECE_S = 600.0
"""The longest piece, in seconds: ten minutes as FLAC are about 10 MB, below the least upload limit
(25 MB, speech docs), and twelve of them fit into the hour of the free plan."""
SEARCHED_S = 60.0
"""The end of a piece in which a pause is looked for, in seconds."""
PAUSE_S = 0.3
"""The length of a pause that separates sentences, in seconds."""
SILENCE = 0.02
"""The loudness up to which a pause is silent, as a part of the loudest sound near it (-34 dB)."""
OVERLAP_S = 6.0
"""What two pieces share where no silence lies between them, in seconds."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a file in seconds; what it shares with the piece before it is ``overlap`` long."""

    start: float
    end: float
    overlap: float = 0.0

    @property
    def length(self) -> float:
        """The length in seconds, which is billed."""
        return self.end - self.start


def spans(
    levels: Sequence[float], length: float, longest: float = LONGEST_PIECE_S
) -> tuple[Span, ...]:
    """Split audio of a length into pieces, each cut in a pause.

    Args:
        levels: The loudness of each window of ``WINDOW_S``, in any unit.
        length: The length of the audio in seconds.
        longest: The longest piece in seconds.

    Returns:
        The pieces in their order; they cover the audio without a gap. Two pieces between which
        there is no silence overlap.
    """
    found: list[Span] = []
    start, overlap = 0.0, 0.0
    while length - start > longest:
        cut, is_silent = _quietest(levels, start, longest)
        found.append(Span(start, cut, overlap))
        overlap = 0.0 if is_silent else min(OVERLAP_S, (cut - start) / 4)
        start = cut - overlap
    return (*found, Span(start, length, overlap))


def _quietest(levels: Sequence[float], start: float, longest: float) -> tuple[float, bool]:
    """The middle of the quietest pause near the end of a piece, and whether it is silent."""
    searched = min(SEARCHED_S, longest / 2)
    first, last = _window(start + longest - searched), _window(start + longest)
    size = max(1, _window(PAUSE_S))
    near = levels[first:last]
    if len(near) <= size:
        return start + longest, False
    loudness = sum(near[:size])
    least, place = loudness, 0
    for index in range(size, len(near)):
        loudness += near[index] - near[index - size]
        # The latest of equals: the fewer the pieces, the fewer the requests.
        if loudness <= least:
            least, place = loudness, index - size + 1
    middle = (first + place + size / 2) * WINDOW_S
    return middle, max(near[place : place + size]) <= SILENCE * max(near)


def _window(seconds: float) -> int:
    return round(seconds / WINDOW_S)
