"""Sound files through the programs ``ffmpeg`` and ``ffprobe``."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO, TYPE_CHECKING, cast

from groqchat.domain.text.secret import without_keys
from groqchat.media.formats import DEMUXERS, NO_SOUND, PROTOCOLS, length_of
from groqchat.services.audio.loudness import RATE
from groqchat.services.audio.ports import UnreadableAudioError
from groqchat.services.programs import kill_group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHUNK = 64 * 1024
_GUARDS = ("-protocol_whitelist", PROTOCOLS, "-format_whitelist", DEMUXERS)
_RAW = ("-f", "s16le", "-ar", str(RATE), "-ac", "1")


class Ffmpeg:
    """Reads sound files with FFmpeg's programs."""

    name = "ffmpeg"

    @staticmethod
    def is_here() -> bool:
        """Whether both programs are on the path."""
        return bool(shutil.which("ffmpeg") and shutil.which("ffprobe"))

    def length(self, path: Path) -> float | None:
        """The length of a file's sound in seconds, from the times of its packets.

        Raises:
            UnreadableAudioError: It holds no sound that can be read.
        """
        shown = ("-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0")
        words = ("ffprobe", "-v", "error", *_GUARDS, "-select_streams", "a:0", *shown, _name(path))
        with _started(words) as output:
            length = length_of(_packets(output))
        if length is None:
            raise UnreadableAudioError(NO_SOUND)
        return length

    def decode(self, path: Path) -> Iterator[bytes]:
        """A file's sound: one channel of 16-bit samples, ``RATE`` a second.

        Raises:
            UnreadableAudioError: It holds no sound that can be read.
        """
        quiet = ("ffmpeg", "-v", "error", "-nostdin")
        with _started((*quiet, *_GUARDS, "-i", _name(path), "-map", "0:a:0", *_RAW, "-")) as output:
            while chunk := output.read(_CHUNK):
                yield chunk

    def encode(self, pcm: bytes) -> bytes:
        """Decoded sound as a FLAC file.

        The file is written to the disk, since FFmpeg goes back to its head to write its length.
        """
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "piece.flac"
            words = ("ffmpeg", "-v", "error", *_RAW, "-i", "pipe:0", str(target))
            subprocess.run(  # noqa: S603 - no shell, and our own words
                words, input=pcm, stdout=DEVNULL, stderr=DEVNULL, env=_environment(), check=True
            )
            return target.read_bytes()


def _name(path: Path) -> str:
    """The file as FFmpeg's programs take it: a plain name may look like an option or an address."""
    return f"file:{path}"


def _environment() -> dict[str, str]:
    return dict(without_keys(os.environ))


def _packets(output: IO[bytes]) -> Iterator[tuple[float, float]]:
    for line in output:
        time, _, rest = line.decode("ascii", "replace").strip().partition(",")
        try:
            yield float(time), float(rest.partition(",")[0])
        except ValueError:  # "N/A": the packet has no time
            continue


@contextmanager
def _started(words: Sequence[str]) -> Iterator[IO[bytes]]:
    """The output of a program, which is ended with the block.

    Raises:
        UnreadableAudioError: The program could not read the file.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603 - no shell, and our own words
            words,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=complaints,
            env=_environment(),
            process_group=0 if os.name == "posix" else None,
        )
        output = cast("IO[bytes]", process.stdout)
        try:
            yield output
            code = process.wait()
        finally:
            if process.poll() is None:
                kill_group(process.pid)
                process.wait()
            output.close()
        if code:
            complaints.seek(0)
            last = complaints.read(4096).decode("utf-8", "replace").strip().splitlines()
            raise UnreadableAudioError(last[-1].rpartition(": ")[2] if last else "it is damaged")
