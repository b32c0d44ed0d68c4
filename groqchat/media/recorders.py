"""What records from a microphone, as samples on the output of a program."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.services.audio.loudness import RATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SOUNDDEVICE = "sounddevice>=0.5,<0.6"
"""The requirement of the extra ``mic`` in pyproject.toml."""
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


@dataclass(frozen=True, slots=True)
class RecordingModule:
    """The library sounddevice (the extra ``mic``), which records in a process of its own."""

    name: str = "sounddevice"

    def words(self) -> Sequence[str]:
        """Python with the file that records; ``-P`` leaves out modules of the folder it is in."""
        return (sys.executable, "-P", str(Path(__file__).with_name("microphone.py")), _RATE)


def what_to_install(install_command: Callable[[str], str]) -> str:
    """The programs that record, and the library with the command that installs it here."""
    library = f"the library sounddevice with `{install_command(SOUNDDEVICE)}`"
    return f"arecord (package alsa-utils), SoX or FFmpeg, or {library}"


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


def recorder(platform: str = sys.platform) -> RecordingProgram | RecordingModule | None:
    """The first of the programs that is on the path, else the library; None where none is there."""
    for program in _known(platform):
        if shutil.which(program.name):
            return program
    return RecordingModule() if find_spec("sounddevice") is not None else None
