"""Loudness of decoded audio, window by window."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

from groqchat.domain.audio.splitting import WINDOW_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RATE = 16_000
"""Samples a second of decoded audio, the rate at which Whisper hears (speech docs)."""
SAMPLE_BYTES = 2
"""Decoded audio is one channel of signed 16-bit samples, little-endian."""
_WINDOW_BYTES = round(RATE * WINDOW_S) * SAMPLE_BYTES


def levels(pcm: Iterable[bytes]) -> Iterator[float]:
    """The peak of each window of decoded audio, from 0 to 1; the last window may be shorter."""
    rest = b""
    for chunk in pcm:
        rest += chunk
        whole = len(rest) - len(rest) % _WINDOW_BYTES
        yield from _peaks(rest[:whole])
        rest = rest[whole:]
    yield from _peaks(rest[: len(rest) - len(rest) % SAMPLE_BYTES])


def seconds(size: int) -> float:
    """The length of so many bytes of decoded audio, in seconds."""
    return size / (RATE * SAMPLE_BYTES)


def place(second: float) -> int:
    """The byte at which a second of decoded audio begins."""
    return round(second * RATE) * SAMPLE_BYTES


def _peaks(pcm: bytes) -> Iterator[float]:
    samples = array("h", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    size = _WINDOW_BYTES // SAMPLE_BYTES
    for start in range(0, len(samples), size):
        window = samples[start : start + size]
        loudest, lowest = max(window), min(window)
        yield max(loudest, -lowest) / 32_768
