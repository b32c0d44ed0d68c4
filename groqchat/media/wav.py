"""WAV files without any library: their lengths, and one file made of several."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from groqchat.services.audio.ports import UnreadableAudioError

if TYPE_CHECKING:
    from collections.abc import Sequence
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


def joined_wav(files: Sequence[bytes]) -> bytes:
    """One WAV file with the sound of several, which have the same form.

    Sizes in their heads are not believed: a server that streams does not know them.

    Raises:
        UnreadableAudioError: One of them is no WAV file, or has another form.
    """
    heads, sounds = zip(*map(_head_and_sound, files), strict=True)
    if len(set(heads)) != 1:
        raise UnreadableAudioError("its pieces have different forms")
    sound = b"".join(sounds)
    form = struct.pack("<4sI", b"fmt ", len(heads[0])) + heads[0]
    body: bytes = b"WAVE" + form + struct.pack("<4sI", b"data", len(sound)) + sound
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _head_and_sound(content: bytes) -> tuple[bytes, bytes]:
    """The form and the samples of a WAV file."""
    if content[:4] not in {b"RIFF", b"RF64"} or content[8:12] != b"WAVE":
        raise UnreadableAudioError("it is no WAV file")
    at, form = 12, b""
    while at + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        at += 8
        if name == b"data":
            left = content[at:]
            sound = left if size in {0, _UNKNOWN_SIZE} else left[:size]
            return form, sound
        if name == b"fmt ":
            form = content[at : at + size]
        at += size + size % 2
    raise UnreadableAudioError("it holds no sound")
