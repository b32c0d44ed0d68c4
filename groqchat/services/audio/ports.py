"""Protocols of what transcription needs from the layers beside the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.domain.audio.requests import AudioAnswer, AudioRequest
    from groqchat.domain.audio.speech import SpeechAnswer, SpeechRequest


class UnreadableAudioError(Exception):
    """A file holds no sound that can be read; the text says why, in a few words."""


class AudioTool(Protocol):
    """A reader of sound files. Its methods block, so call them on a thread."""

    @property
    def name(self) -> str:
        """The name of the library or program, for ``doctor`` and sentences."""

    def length(self, path: Path) -> float | None:
        """The length of a file's sound in seconds; None where it cannot be told.

        Raises:
            UnreadableAudioError: It holds no sound that can be read.
            OSError: It cannot be opened.
        """

    def decode(self, path: Path) -> Iterator[bytes]:
        """A file's sound: one channel of 16-bit samples, 16,000 a second.

        Raises:
            UnreadableAudioError: It holds no sound that can be read.
        """

    def encode(self, pcm: bytes) -> bytes:
        """The content of a FLAC file with this decoded sound."""


class PieceReader(Protocol):
    """Gives the requests for the pieces of one file, each once and in their order."""

    async def next(self) -> AudioRequest:
        """The request for the next piece.

        Raises:
            GroqchatError: The file cannot be read any more.
        """


class PieceStore(Protocol):
    """The transcripts of pieces that are paid. Every call may raise ``StorageError``."""

    async def kept(self, digests: Iterable[str]) -> Mapping[str, KeptPiece]:
        """The pieces with some digests that are kept, by digest."""

    async def forget(self, digests: Iterable[str]) -> None:
        """Delete the pieces with some digests."""


class Recorder(Protocol):
    """A program that records from the microphone."""

    @property
    def name(self) -> str:
        """The name of the program."""

    def words(self) -> Sequence[str]:
        """The program with the arguments that make it print ``RATE`` 16-bit samples a second."""


class AudioProvider(Protocol):
    """A server that writes down what is said."""

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        """Send one text to be spoken, once.

        Raises:
            GroqchatError: It was refused, or the server was not reached.
        """

    async def transcribe(self, request: AudioRequest) -> AudioAnswer:
        """Send one file, once.

        Raises:
            GroqchatError: It was refused, or the server was not reached.
        """
