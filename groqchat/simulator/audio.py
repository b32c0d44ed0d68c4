"""POST /audio/transcriptions and /translations: a plausible text for any audio."""

from __future__ import annotations

import io
import itertools
import wave
from typing import TYPE_CHECKING, Any

from groqchat.domain.models.catalog import Kind, Plan
from groqchat.simulator.exchange import TEXT, RefusedError, Reply, json_reply
from groqchat.simulator.faults import refusals
from groqchat.simulator.faults.refusals import bad_request
from groqchat.simulator.limits import OverLimitError, amounts_of_audio
from groqchat.simulator.multipart import Form, read_form
from groqchat.simulator.validation import find_model, read_object

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Model
    from groqchat.simulator.request_context import RequestContext
    from groqchat.simulator.server_state import ServerState

_TYPES = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")
_FORMATS = ("json", "text", "verbose_json")
_MEGABYTE = 1024 * 1024
# Groq bills at least ten seconds of audio (speech docs).
_LEAST_BILLED_S = 10.0
_UNKNOWN_S = 60.0
_BYTES_PER_S = 16_000  # 128 kbit/s, the usual rate of compressed audio
_GUESSED = " (guessed from its size; PyAV, the extra audio, reads it)"
_WORDS_PER_S = 2.5
_SPOKEN = (
    "Thank you all for coming this morning. We have three points on the list today."
    " The first is the budget, the second is the new schedule, and the third is a question from"
    " last week that we did not get to. Let us begin with the budget, because it is the shortest."
)


async def transcribe(state: ServerState, context: RequestContext) -> Reply:
    """Transcribe an audio file."""
    return _reply_to_audio(state, context, "transcription")


async def translate(state: ServerState, context: RequestContext) -> Reply:
    """Translate an audio file into English."""
    return _reply_to_audio(state, context, "translation")


def answer_in_batch(state: ServerState, body: dict[str, Any], ability: str, id_: str) -> Reply:
    """Answer one line of a batch, whose audio is given by a URL; no limit is charged.

    Raises:
        RefusedError: The line is refused.
    """
    form = _form_of(body)
    _check(state, form, ability)
    seconds, _ = _seconds(state, form)
    return _shaped(form.fields, _words(seconds), seconds, id_, ability)


def _reply_to_audio(state: ServerState, context: RequestContext, ability: str) -> Reply:
    form = _read(context)
    model = _check(state, form, ability)
    seconds, note = _seconds(state, form)
    now = state.clock.now()
    try:
        state.limits.admit(model.id, amounts_of_audio(max(_LEAST_BILLED_S, seconds)), now)
    except OverLimitError as refusal:
        raise RefusedError(refusals.over_limit(model.id, refusal)) from refusal
    context.outcome = f"{model.id} · {seconds:.1f} s of audio{note}"
    return _shaped(form.fields, _words(seconds), seconds, context.request_id, ability)


def _check(state: ServerState, form: Form, ability: str) -> Model:
    """The model of a request; raises RefusedError for a wrong model or format."""
    model = find_model(form.fields.get("model"), state)
    if model.kind is not Kind.AUDIO or not model.can(ability):
        raise bad_request(f"The model `{model.id}` does not support {ability}", param="model")
    if form.fields.get("response_format", "json") not in _FORMATS:
        message = f"response_format must be one of `[{', '.join(_FORMATS)}]`"
        raise bad_request(message, param="response_format")
    return model


def _read(context: RequestContext) -> Form:
    content_type = context.request.headers.get("content-type", "")
    if not content_type.startswith("application/json"):
        return read_form(content_type, context.request.body)
    return _form_of(read_object(context.request.body))


def _form_of(body: dict[str, Any]) -> Form:
    return Form({name: str(value) for name, value in body.items() if value is not None})


def _seconds(state: ServerState, form: Form) -> tuple[float, str]:
    """The length of the audio in seconds, and what is to be said of it where it is a guess.

    Audio given by a URL counts as a minute.
    """
    if form.file is None:
        if form.fields.get("url"):
            return _UNKNOWN_S, " (a minute for any URL)"
        message = "one of file or url must be provided"
        raise bad_request(message)
    if form.filename.rpartition(".")[2].lower() not in _TYPES:
        raise bad_request(f"file must be one of the following types: [{' '.join(_TYPES)}]")
    most = 25 if state.options.plan is Plan.FREE else 100
    if len(form.file) > most * _MEGABYTE:
        raise RefusedError(refusals.html(413, "413 Request Entity Too Large"))
    if (known := _length(form.file)) is None and state.options.length_of:
        known = state.options.length_of(form.file)
    if known is None:
        return len(form.file) / _BYTES_PER_S, _GUESSED
    return known, ""


def _length(content: bytes) -> float | None:
    """The length of WAV and FLAC in seconds; None for other files."""
    if content.startswith(b"fLaC"):
        # STREAMINFO: 20 bits of sample rate, 8 of channels and sample size, 36 of samples.
        figures = int.from_bytes(content[18:26], "big")
        return float((figures & 0xF_FFFF_FFFF) / (figures >> 44))
    try:
        with wave.open(io.BytesIO(content)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (wave.Error, EOFError):
        return None


def _words(seconds: float) -> list[str]:
    number = max(1, int(seconds * _WORDS_PER_S))
    return list(itertools.islice(itertools.cycle(_SPOKEN.split()), number))


def _shaped(
    fields: dict[str, str], words: list[str], seconds: float, request_id: str, ability: str
) -> Reply:
    form_name = fields.get("response_format", "json")
    granularities = fields.get("timestamp_granularities[]", "segment").split(",")
    if form_name != "verbose_json" and "word" in granularities:
        message = "timestamp_granularities requires response_format `verbose_json`"
        raise bad_request(message, param="timestamp_granularities")
    text = f" {' '.join(words)}"
    if form_name == "text":
        return Reply(200, text.encode(), TEXT)
    shape: dict[str, Any] = {"text": text, "x_groq": {"id": request_id}}
    if form_name == "verbose_json":
        shape |= _times(words, seconds, ability)
        shape |= {"words": _timed_words(words, seconds)} if "word" in granularities else {}
    return json_reply(shape)


def _times(words: list[str], seconds: float, ability: str) -> dict[str, Any]:
    """What ``verbose_json`` adds."""
    return {
        "task": "transcribe" if ability == "transcription" else "translate",
        "language": "English",
        "duration": round(seconds, 2),
        "segments": _segments(words, seconds),
    }


def _timed_words(words: list[str], seconds: float) -> list[dict[str, Any]]:
    each = seconds / len(words)
    return [
        {"word": word, "start": round(at * each, 2), "end": round((at + 1) * each, 2)}
        for at, word in enumerate(words)
    ]


def _segments(words: list[str], seconds: float, size: int = 12) -> list[dict[str, Any]]:
    each = seconds / len(words)
    return [
        {
            "id": index,
            "seek": 0,
            "start": round(start * each, 2),
            "end": round(min(start + size, len(words)) * each, 2),
            "text": " " + " ".join(words[start : start + size]),
            "tokens": [],
            "temperature": 0,
            "avg_logprob": -0.12,
            "compression_ratio": 1.4,
            "no_speech_prob": 0.01,
        }
        for index, start in enumerate(range(0, len(words), size))
    ]
