"""Sound from a microphone: recorded into memory, never onto the disk, and sent as a WAV file."""

from __future__ import annotations

import asyncio
import math
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.audio.requests import AudioOptions, AudioRequest
from groqchat.domain.audio.splitting import LONGEST_PIECE_S, Span
from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.table import failure
from groqchat.services.audio.loudness import RATE, SAMPLE_BYTES, levels, place, seconds
from groqchat.services.audio.sources import Source
from groqchat.services.programs import heard

if TYPE_CHECKING:
    from collections.abc import Container

    from groqchat.services.audio.ports import Recorder

LONGEST_S = LONGEST_PIECE_S
"""The longest recording in seconds, which one request takes (19 MB)."""
SHORTEST_S = 0.3
"""A recording below this, in seconds, holds no word: the key was hit by mistake."""
_LEVEL_S = 0.3
_QUIETEST_DB = 50.0
_NAME = "recording.wav"


class Recording:
    """What is recorded, or was.

    Args:
        recorder: The program that records.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._pcm = bytearray()
        self._stopped = asyncio.Event()

    @property
    def length_s(self) -> float:
        """The length in seconds."""
        return seconds(len(self._pcm))

    @property
    def is_full(self) -> bool:
        """Whether it is as long as it may become."""
        return len(self._pcm) >= place(LONGEST_S)

    @property
    def level(self) -> float:
        """The loudness of the last moment: 0 at 50 dB below the loudest, where it is 1."""
        whole = len(self._pcm) - len(self._pcm) % SAMPLE_BYTES
        first = max(0, whole - place(_LEVEL_S))
        loudest = max(levels([bytes(self._pcm[first:whole])]), default=0.0)
        return max(0.0, 1 + 20 * math.log10(loudest) / _QUIETEST_DB) if loudest else 0.0

    async def record(self) -> None:
        """Record until :meth:`stop`, or until it is as long as it may become.

        Raises:
            GroqchatError: The recorder did not start, or ended by itself; what was recorded by
                then is kept.
        """
        name = self._recorder.name
        try:
            async with heard(self._recorder.words(), self._hear) as program:
                stopped = asyncio.ensure_future(self._stopped.wait())
                try:
                    await asyncio.wait(
                        (program.ended, stopped), return_when=asyncio.FIRST_COMPLETED
                    )
                finally:
                    stopped.cancel()
                if self._stopped.is_set():
                    await program.finish()
                    return
                reason = shown(program.last_words) or "it ended by itself"
        except OSError as error:
            reason = shown(error.strerror or str(error))
        raise failure("recorder_failed", parameter=name, detail=reason)

    def stop(self) -> None:
        """End the recording."""
        self._stopped.set()

    def discard(self) -> None:
        """Forget what was recorded."""
        self._pcm.clear()

    def _hear(self, data: bytes) -> None:
        self._pcm += data[: place(LONGEST_S) - len(self._pcm)]
        if self.is_full:
            self.stop()

    def source(self) -> Source:
        """The recording in the place of a file."""
        return Source(Path(_NAME), self.length_s, (Span(0.0, self.length_s),), is_whole=True)

    def requests(
        self, source: Source, options: AudioOptions, there: Container[int] = ()
    ) -> RecordedPiece:
        """The one request for it."""
        del there  # nothing of a recording is kept
        pcm = bytes(self._pcm[: len(self._pcm) - len(self._pcm) % SAMPLE_BYTES])
        return RecordedPiece(AudioRequest(source.name, _wav(pcm), source.length_s, options))


class RecordedPiece:
    """Gives the request for a recording."""

    def __init__(self, request: AudioRequest) -> None:
        self._request = request

    async def next(self) -> AudioRequest:
        """The request."""
        return self._request


def _wav(pcm: bytes) -> bytes:
    """One channel of 16-bit samples as a WAV file."""
    form = struct.pack("<HHIIHH", 1, 1, RATE, RATE * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    head = struct.pack("<4sI", b"fmt ", len(form)) + form + struct.pack("<4sI", b"data", len(pcm))
    body = b"WAVE" + head + pcm
    return struct.pack("<4sI", b"RIFF", len(body)) + body
