"""Speech whose words are known with their times, in files of every format."""

import random
import re
import subprocess
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from tests.media.sounds import RATE

LETTERS = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november"
DIGITS = "zero one two three four five six seven eight nine"


@dataclass(frozen=True)
class Spoken:
    """A word of the script and its time in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Speech:
    """A script and its sound: 16-bit samples, 16,000 a second."""

    words: tuple[Spoken, ...]
    pcm: bytes

    @property
    def length(self) -> float:
        return len(self.pcm) / 2 / RATE


def spoken(seconds: float, voices: dict[str, bytes], *, seed: int = 1) -> Speech:
    """Sentences of random words until so many seconds are full, with pauses between them."""
    chance = random.Random(seed)
    words, pcm = [], bytearray(bytes(RATE))  # half a second of silence first
    while len(pcm) / 2 / RATE < seconds:
        for _ in range(chance.randint(4, 12)):
            name = chance.choice(sorted(voices))
            start = len(pcm) / 2 / RATE
            pcm += voices[name]
            words.append(Spoken(name, start, len(pcm) / 2 / RATE))
            pcm += bytes(2 * (RATE // 20))
        pcm += bytes(2 * round(RATE * chance.uniform(0.35, 0.9)))
    return Speech(tuple(words), bytes(pcm))


def bursts(*, seed: int = 1) -> dict[str, bytes]:
    """Words made of noise, each with a shape of its own, for machines without a synthesiser."""
    chance = random.Random(seed)
    voices = {}
    for name in f"{LETTERS} {DIGITS}".split():
        samples = array("h")
        for _ in range(chance.randint(3, 8)):
            loudness = chance.randint(2_000, 20_000)
            samples.extend(chance.randint(-loudness, loudness) for _ in range(RATE // 25))
        voices[name] = samples.tobytes()
    return voices


def synthesised(folder: Path) -> dict[str, bytes]:
    """Words spoken by espeak-ng."""
    voices = {}
    for name in f"{LETTERS} {DIGITS}".split():
        path = folder / f"{name}.wav"
        subprocess.run(["espeak-ng", "-w", str(path), name], check=True)
        converted = folder / f"{name}-16.wav"
        words = ["ffmpeg", "-v", "error", "-y", "-i", str(path), "-ar", str(RATE), "-ac", "1"]
        subprocess.run([*words, str(converted)], check=True)
        with wave.open(str(converted)) as file:
            voices[name] = file.readframes(file.getnframes())
    return voices


def plain(text: str) -> list[str]:
    """The words of a transcript without punctuation."""
    return re.findall(r"[a-z]+", text.lower())
