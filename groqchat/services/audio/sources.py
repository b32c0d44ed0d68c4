"""Sound files before they are sent: their lengths, and the pieces that they are sent in."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.audio.requests import TYPES, UPLOAD_BYTES, AudioOptions, AudioRequest
from groqchat.domain.audio.splitting import LONGEST_PIECE_S, WINDOW_S, Span, spans
from groqchat.domain.errors.refusal_bodies import shown
from groqchat.domain.errors.table import failure
from groqchat.services.audio.loudness import levels, place, seconds
from groqchat.services.audio.ports import UnreadableAudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Sequence
    from pathlib import Path

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.audio.ports import AudioTool

UNSPLIT_S = 2 * LONGEST_PIECE_S
"""The longest file that is sent in one piece, in seconds."""
HELPERS = "FFmpeg"


@dataclass(frozen=True, slots=True)
class Source:
    """A sound file and the pieces that it is sent in.

    ``length_s`` is None where nothing here can tell it. A file of a single piece that is taken as
    it is, is sent ``whole``. ``digest`` names the content of a file; empty for a recording.
    """

    path: Path
    length_s: float | None
    pieces: tuple[Span, ...]
    is_whole: bool
    digest: str = ""

    @property
    def name(self) -> str:
        """The name of the file, without its folder."""
        return self.path.name


class Sources:
    """The lengths of sound files, and the pieces that they are sent in.

    Args:
        tool: Reads them; None where nothing is installed for it.
        length: The length of a file in seconds, or None; blocks.
        helpers: The programs to install when ``tool`` is None, with the command; for the error
            message.
    """

    def __init__(
        self,
        tool: AudioTool | None,
        length: Callable[[Path], float | None],
        helpers: str = HELPERS,
    ) -> None:
        self._tool = tool
        self._length = length
        self._helpers = helpers

    async def look_at(self, path: Path) -> Source:
        """A file with its length and the pieces that it has to be sent in.

        Raises:
            GroqchatError: It cannot be read, or not be sent.
        """
        try:
            return await asyncio.to_thread(self._source, path)
        except UnreadableAudioError as error:
            raise failure(
                "audio_unreadable", parameter=str(path), detail=shown(str(error))
            ) from error
        except OSError as error:
            detail = shown(error.strerror or str(error))
            raise failure("audio_unreadable", parameter=str(path), detail=detail) from error

    def _source(self, path: Path) -> Source:
        size = path.stat().st_size
        length = self._length(path)
        is_taken = path.suffix[1:].lower() in TYPES
        if is_taken and size <= UPLOAD_BYTES and (length or 0.0) <= UNSPLIT_S:
            whole = (Span(0.0, length or 0.0),)
            return Source(path, length, whole, is_whole=True, digest=_digest(path))
        if self._tool is None:
            raise self._needs_a_tool(path, "audio_too_big" if is_taken else "audio_type")
        loudness = list(levels(self._tool.decode(path)))
        # What was decoded is what is cut; by the times of its packets it may be a frame longer.
        decoded = len(loudness) * WINDOW_S
        pieces = spans(loudness, decoded)
        return Source(path, decoded, pieces, is_whole=False, digest=_digest(path))

    def _needs_a_tool(self, path: Path, cause: str) -> GroqchatError:
        return failure(cause, parameter=str(path), detail=self._helpers)

    def requests(
        self, source: Source, options: AudioOptions, there: Container[int] = ()
    ) -> FilePieces:
        """The requests for the pieces of a file, read from the disk when they are asked for.

        Those whose numbers are in ``there`` are left out.
        """
        return FilePieces(source, options, self._tool, there)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class FilePieces:
    """Reads the pieces of one file, each once and in their order.

    Args:
        source: The file.
        options: How it is transcribed.
        tool: Decodes and encodes what is not sent whole.
        there: The numbers of the pieces that are left out.
    """

    def __init__(
        self,
        source: Source,
        options: AudioOptions,
        tool: AudioTool | None,
        there: Container[int] = (),
    ) -> None:
        self._there = there
        self._source = source
        self._options = options
        self._tool = tool
        self._lock = asyncio.Lock()
        self._reading: Iterator[AudioRequest] | None = None

    async def next(self) -> AudioRequest:
        """The request for the next piece.

        Raises:
            GroqchatError: The file cannot be read any more.
        """
        async with self._lock:
            if self._reading is None:
                self._reading = self._requests()
            try:
                return await asyncio.to_thread(next, self._reading)
            except (UnreadableAudioError, OSError) as error:
                detail = shown(str(error))
                facts = {"parameter": self._source.name, "detail": detail}
                raise failure("audio_unreadable", **facts) from error

    def _requests(self) -> Iterator[AudioRequest]:
        source = self._source
        request = AudioRequest(source.name, b"", source.length_s, self._options)
        if source.is_whole or self._tool is None:
            yield replace(request, content=source.path.read_bytes())
            return
        for number, pcm in enumerate(_cut(self._tool.decode(source.path), source.pieces)):
            if number in self._there:
                continue
            content, length = self._tool.encode(pcm), seconds(len(pcm))
            yield replace(
                request, name=f"{source.path.stem}.flac", content=content, length_s=length
            )


def _cut(pcm: Iterator[bytes], pieces: Sequence[Span]) -> Iterator[bytes]:
    """The sound of each piece; no more than a piece of it is held at a time."""
    held, begin = bytearray(), 0
    for span in pieces:
        first, last = place(span.start), place(span.end)
        del held[: first - begin]
        begin = first
        while begin + len(held) < last and (chunk := next(pcm, None)) is not None:
            held += chunk
        yield bytes(held[: last - begin])
