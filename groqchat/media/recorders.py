"""The programs that record from a microphone, as samples on their output."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.services.audio.loudness import RATE

if TYPE_CHECKING:
    from collections.abc import Sequence

INSTALL = "arecord (package alsa-utils), SoX or FFmpeg"
_RATE = str(RATE)
_SOX = ("-q", "-t", "raw", "-b", "16", "-e", "signed-integer", "-L", "-c", "1", "-r", _RATE, "-")
_QUIET = ("-v", "error", "-nostdin")
_RAW = ("-f", "s16le", "-ar", _RATE, "-ac", "1", "-")
# FFmpeg's name of the default microphone, by ``sys.platform``; Windows has none.
_FFMPEG_INPUTS = {
    "linux": ("-f", "alsa", "-i", "default"),
    "darwin": ("-f", "avfoundation", "-i", ":default"),
}


@dataclass(frozen=True, slots=True)
class RecordingProgram:
    """A program that records one channel of 16-bit samples, ``RATE`` a second."""

    name: str
    arguments: tuple[str, ...]

    def words(self) -> Sequence[str]:
        """The program and its arguments."""
        return (self.name, *self.arguments)


def _known(platform: str) -> Sequence[RecordingProgram]:
    raw = ("-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", _RATE)
    programs = [
        RecordingProgram("arecord", raw),
        RecordingProgram("rec", _SOX),
        RecordingProgram("sox", ("-d", *_SOX)),
    ]
    if source := _FFMPEG_INPUTS.get(platform):
        programs.append(RecordingProgram("ffmpeg", (*_QUIET, *source, *_RAW)))
    return programs


def recorder(platform: str = sys.platform) -> RecordingProgram | None:
    """The first of the programs that is on the path; None where none is."""
    return next((program for program in _known(platform) if shutil.which(program.name)), None)
