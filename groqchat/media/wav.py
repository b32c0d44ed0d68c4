"""Lengths of WAV files without any library, for machines that have neither PyAV nor FFmpeg."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from groqchat.services.audio.ports import UnreadableAudioError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_UNKNOWN_SIZE = 0xFFFF_FFFF
_MOST_CHUNKS = 1_000


def wav_length(path: Path) -> float | None:
    """The length in seconds: the bytes of sound that are there over the byte rate.

    What the header says of the size is not believed where the file is shorter: a program that
    streams writes the largest number or zero.

    Returns:
        The length, or None where this is no WAV file.

    Raises:
        UnreadableAudioError: The file ends within its head.
        OSError: It cannot be opened.
    """
    with path.open("rb") as file:
        if file.read(4) not in {b"RIFF", b"RF64"} or file.read(8)[4:] != b"WAVE":
            return None
        try:
            return _length(file, path.stat().st_size)
        except struct.error as error:
            raise UnreadableAudioError("it ends within its head") from error


def _length(file: BinaryIO, size: int) -> float | None:
    rate = 0
    for _ in range(_MOST_CHUNKS):
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"fmt ":
            head = file.read(length)
            rate = struct.unpack_from("<I", head, 8)[0]
            file.seek(length % 2, 1)
        elif name == b"data":
            left = size - file.tell()
            told = left if length in {0, _UNKNOWN_SIZE} else min(length, left)
            return told / rate if rate else None
        else:
            file.seek(length + length % 2, 1)
    return None
