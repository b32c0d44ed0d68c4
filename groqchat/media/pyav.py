"""Sound files through PyAV, which brings FFmpeg's libraries with it (the extra ``audio``)."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from groqchat.media.formats import DEMUXERS, NO_SOUND, PROTOCOLS, length_of
from groqchat.services.audio.loudness import RATE
from groqchat.services.audio.ports import UnreadableAudioError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class PyAv:
    """Reads sound files with PyAV."""

    name = "PyAV"

    def length(self, path: Path | BinaryIO) -> float | None:
        """The length of a file's sound in seconds, from the times of its packets.

        Raises:
            UnreadableAudioError: It holds no sound that can be read.
        """
        with _opened(path) as (container, stream):
            length = length_of(
                (
                    float(packet.pts * packet.time_base),
                    float((packet.duration or 0) * packet.time_base),
                )
                for packet in container.demux(stream)
                if packet.pts is not None
            )
        if length is None:
            raise UnreadableAudioError(NO_SOUND)
        return length

    def decode(self, path: Path) -> Iterator[bytes]:
        """A file's sound: one channel of 16-bit samples, ``RATE`` a second.

        Raises:
            UnreadableAudioError: It holds no sound that can be read.
        """
        import av

        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        with _opened(path) as (container, stream):
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    yield _samples(part)
            for part in resampler.resample(None):
                yield _samples(part)

    def encode(self, pcm: bytes) -> bytes:
        """Decoded sound as a FLAC file."""
        import av

        target = io.BytesIO()
        with av.open(target, "w", format="flac") as container:
            stream: Any = container.add_stream("flac", rate=RATE)
            stream.layout = "mono"
            frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
            frame.sample_rate = RATE
            frame.planes[0].update(pcm)
            fifo = av.AudioFifo()
            fifo.write(frame)
            while (part := fifo.read(4096, partial=True)) is not None:
                container.mux(stream.encode(part))
            container.mux(stream.encode(None))
        return target.getvalue()


def _samples(frame: Any) -> bytes:  # noqa: ANN401 - PyAV's frames have no common type
    """The samples of a frame, whose buffer is longer than they are."""
    return bytes(frame.planes[0])[: frame.samples * 2]


@contextmanager
def _opened(path: Path | BinaryIO) -> Iterator[tuple[Any, Any]]:
    """A container and its first stream of sound."""
    import av

    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": DEMUXERS}
    try:
        place = path if isinstance(path, io.BytesIO) else str(path)
        with av.open(place, options=options, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise UnreadableAudioError("it holds no sound")
            yield container, container.streams.audio[0]
    except av.FFmpegError as error:
        raise UnreadableAudioError(error.strerror or "it is damaged") from error
