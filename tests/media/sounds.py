"""Sound files of known length, made without any of the programs under test."""

import math
import struct
import wave
from array import array
from functools import cache
from pathlib import Path

import av

RATE = 16_000


def tone(seconds: float, *, pauses: tuple[tuple[float, float], ...] = ()) -> bytes:
    """A tone of 440 Hz with silent pauses: 16-bit samples, 16,000 a second."""
    samples = (_wavelet() * math.ceil(seconds))[: round(seconds * RATE)]
    for start, end in pauses:
        first, last = round(start * RATE), min(round(end * RATE), len(samples))
        samples[first:last] = array("h", bytes(2 * (last - first)))
    return samples.tobytes()


@cache
def _wavelet() -> "array[int]":
    """A second of it."""
    return array("h", (round(12_000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(RATE)))


def wav(path: Path, pcm: bytes, rate: int = RATE) -> Path:
    """Write samples as a WAV file; with a lower rate they last longer."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def streamed_wav(path: Path, pcm: bytes) -> Path:
    """Write a WAV file as a program does that cannot go back to its head: without sizes."""
    unknown = 0xFFFF_FFFF
    head = struct.pack("<4sI4s", b"RIFF", unknown, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    path.write_bytes(head + form + struct.pack("<4sI", b"data", unknown) + pcm)
    return path


def encoded(path: Path, codec: str, pcm: bytes, *, form: str | None = None) -> Path:
    """Write samples in another format, by PyAV."""
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=48_000)
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=48_000, frame_size=stream.frame_size
        )
        stream.layout = "mono"
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
        frame.sample_rate = RATE
        frame.planes[0].update(pcm)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path
