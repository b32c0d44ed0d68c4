"""The kinds of sound files that are read, and what their readers may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DEMUXERS = "wav,mp3,flac,ogg,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mpeg,aac,w64"
"""The containers that FFmpeg may recognise; playlists are left out, since they name other files."""
PROTOCOLS = "file,pipe"
"""Where FFmpeg may read from: never the network."""

NO_SOUND = "it holds no sound"
"""What is wrong with a file that is sound by its head, and has none behind it."""


def length_of(packets: Iterable[tuple[float, float]]) -> float | None:
    """The length of a stream in seconds from the time and duration of its packets.

    The headers of a file often tell another length: without one, a variable bit rate makes
    FFmpeg guess 2.6 times too much, and recordings of browsers have none (seen with FFmpeg 5.1 and
    PyAV 18.1). Time before zero is silence that the encoder added.

    Returns:
        The length, or None where there is no packet with a time.
    """
    first, last = None, 0.0
    for time, duration in packets:
        first = time if first is None else min(first, time)
        last = max(last, time + duration)
    return None if first is None else last - max(first, 0.0)
