"""Chooses what sound files are read with."""

from __future__ import annotations

import io
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from groqchat.media.ffmpeg import Ffmpeg
from groqchat.media.formats import NO_SOUND
from groqchat.media.pyav import PyAv
from groqchat.media.wav import wav_length
from groqchat.services.audio.ports import UnreadableAudioError
from groqchat.services.audio.sources import Sources

if TYPE_CHECKING:
    from pathlib import Path

    from groqchat.services.audio.ports import AudioTool


PYAV = "av>=18,<19"
"""The requirement of the extra ``audio`` in pyproject.toml."""


def audio_tool() -> AudioTool | None:
    """PyAV where it is installed, else FFmpeg's programs; None where there is neither."""
    if find_spec("av") is not None:
        return PyAv()
    return Ffmpeg() if Ffmpeg.is_here() else None


def length(path: Path, tool: AudioTool | None) -> float | None:
    """The length of a sound file in seconds; without a tool that of a WAV file only, else None.

    Raises:
        UnreadableAudioError: It holds no sound, or none that can be read.
        OSError: It cannot be opened.
    """
    found = wav_length(path) if tool is None else tool.length(path)
    if found == 0.0:
        raise UnreadableAudioError(NO_SOUND)
    return found


def length_of_content(content: bytes) -> float | None:
    """The length of the sound in a file's content, in seconds.

    None where PyAV is not installed, or reads no sound in it.
    """
    if find_spec("av") is None:
        return None
    try:
        return PyAv().length(io.BytesIO(content))
    except UnreadableAudioError:
        return None


def audio_sources(install_pyav: str) -> Sources:
    """What looks at sound files; ``install_pyav`` is the command that installs PyAV here."""
    tool = audio_tool()
    helpers = f"FFmpeg, or PyAV with `{install_pyav}`"
    return Sources(tool, partial(length, tool=tool), helpers)
