"""Transcripts as text, subtitles and JSON, and the files that they are written to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.cli.output import rounded
from groqchat.domain.audio.requests import Timestamps
from groqchat.domain.audio.subtitles import cues_of_words, srt, vtt
from groqchat.domain.money.pricing import usd_string

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from groqchat.services.audio.transcription import FileDone

_ENDINGS = {"text": ".txt", "srt": ".srt", "vtt": ".vtt", "json": ".json"}


def text_of(done: FileDone, args: argparse.Namespace) -> str:
    """A file's transcript in the format that is asked for."""
    transcript = done.transcript
    cues = cues_of_words(transcript.words) if transcript.words else transcript.segments
    match args.format:
        case "srt":
            return srt(cues)
        case "vtt":
            return vtt(cues)
        case "json":
            return f"{json.dumps(document_of(done, args), ensure_ascii=False, indent=2)}\n"
    return f"{transcript.text}\n"


def document_of(done: FileDone, args: argparse.Namespace) -> dict[str, object]:
    """A file's transcript as JSON, with the times that are asked for."""
    transcript = done.transcript
    document: dict[str, object] = {
        "file": str(done.source.path),
        "text": transcript.text,
        "model": done.model,
        "language": transcript.language,
        "duration_s": rounded(done.duration_s),
        "billed_s": rounded(done.billed_s),
        "cost_usd": None if done.cost is None else usd_string(done.cost),
    }
    if args.timestamps is not None:
        document["segments"] = [
            {"start": rounded(part.start), "end": rounded(part.end), "text": part.text.strip()}
            for part in transcript.segments
        ]
    if args.timestamps == Timestamps.WORD:
        document["words"] = [
            {"start": rounded(word.start), "end": rounded(word.end), "word": word.text.strip()}
            for word in transcript.words
        ]
    return document


def target_of(args: argparse.Namespace, path: Path) -> Path:
    """The file that a sound file's transcript is written to."""
    folder: Path = args.output
    return folder / f"{path.stem}{_ENDINGS[args.format]}"
