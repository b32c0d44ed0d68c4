"""The fields of a transcription, and the reader of its answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.audio.requests import Timestamps
from groqchat.domain.audio.transcript import Segment, Transcript, Word
from groqchat.domain.errors.table import failure
from groqchat.domain.text.sanitize import sanitize
from groqchat.provider.fields import mapping, seconds, text, whole_characters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.audio.requests import AudioRequest
    from groqchat.domain.audio.speech import SpeechRequest


def path(request: AudioRequest) -> str:
    """The path of a request below the API's root."""
    return "/audio/translations" if request.options.translates else "/audio/transcriptions"


def form(request: AudioRequest) -> dict[str, object]:
    """The fields of a request beside its file (API reference, transcriptions and translations).

    The answer is asked for with its times, since it is the only one that tells the length of
    the sound. Translations take no language and no granularity.
    """
    options = request.options
    fields: dict[str, object] = {
        "model": options.model,
        "prompt": options.prompt,
        "response_format": "verbose_json",
    }
    if not options.translates:
        fields["language"] = options.language
        words = options.timestamps is Timestamps.WORD
        # The SDK adds the brackets.
        fields["timestamp_granularities"] = ["word", "segment"] if words else ["segment"]
    return {name: value for name, value in fields.items() if value}


def speech_body(request: SpeechRequest) -> dict[str, object]:
    """The JSON of a request for speech; orpheus models give WAV alone (text-to-speech docs)."""
    return {
        "model": request.model,
        "input": request.text,
        "voice": request.voice,
        "response_format": "wav",
    }


def read_transcript(content: bytes) -> Transcript:
    """The transcript of an answer's body.

    Raises:
        GroqchatError: The body is not the JSON of a transcription.
    """
    try:
        body = mapping(json.loads(content))
    except (ValueError, RecursionError):
        body = {}
    written = body.get("text")
    if not isinstance(written, str):
        raise failure("not_groq", status=200)
    return Transcript(
        _clean(written).strip(),
        text(body.get("language")),
        seconds(body.get("duration")),
        tuple(Segment(*timed) for timed in _timed(body.get("segments"), "text")),
        tuple(Word(*timed) for timed in _timed(body.get("words"), "word")),
    )


def _timed(value: object, name: str) -> Iterator[tuple[str, float, float]]:
    """The text, start and end of each item of a list that has all three."""
    for item in value if isinstance(value, list) else ():
        fields = mapping(item)
        said, start, end = (
            fields.get(name),
            seconds(fields.get("start")),
            seconds(fields.get("end")),
        )
        if isinstance(said, str) and start is not None and end is not None:
            yield _clean(said), start, max(start, end)


def _clean(written: str) -> str:
    return sanitize(whole_characters(written))
