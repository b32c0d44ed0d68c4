"""Chooses what sound files are read with."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from groqchat.media.ffmpeg import Ffmpeg
from groqchat.media.pyav import PyAv
from groqchat.media.wav import wav_length

if TYPE_CHECKING:
    from pathlib import Path

    from groqchat.services.audio.ports import AudioTool


def audio_tool() -> AudioTool | None:
    """PyAV where it is installed, else FFmpeg's programs; None where there is neither."""
    if find_spec("av") is not None:
        return PyAv()
    return Ffmpeg() if Ffmpeg.is_here() else None


def length(path: Path, tool: AudioTool | None) -> float | None:
    """The length of a sound file in seconds; without a tool that of a WAV file only, else None.

    Raises:
        UnreadableAudioError: It holds no sound that can be read.
        OSError: It cannot be opened.
    """
    return wav_length(path) if tool is None else tool.length(path)
