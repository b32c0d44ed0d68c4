"""POST /audio/speech: a hum as long as the text would take to say."""

from __future__ import annotations

import io
import math
import wave
from array import array
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Kind
from groqchat.simulator.exchange import RefusedError, Reply
from groqchat.simulator.faults import refusals
from groqchat.simulator.faults.refusals import bad_request
from groqchat.simulator.limits import OverLimitError, amounts_of_audio
from groqchat.simulator.validation import find_model, read_object

if TYPE_CHECKING:
    from groqchat.simulator.request_context import RequestContext
    from groqchat.simulator.server_state import ServerState

_LONGEST_TEXT = 200  # characters (text-to-speech docs)
_RATE = 24_000
_CHARACTERS_PER_S = 15
_WAV = "audio/wav"


async def speak(state: ServerState, context: RequestContext) -> Reply:
    """Speak a text."""
    body = read_object(context.request.body)
    model = find_model(body.get("model"), state)
    if model.kind is not Kind.SPEECH:
        raise bad_request(f"The model `{model.id}` does not support speech", param="model")
    text, voice = body.get("input"), body.get("voice")
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_TEXT:
        raise bad_request(f"input must have 1 to {_LONGEST_TEXT} characters", param="input")
    if voice not in model.voices:
        raise bad_request(f"voice must be one of {list(model.voices)}", param="voice")
    if body.get("response_format", "wav") != "wav":
        raise bad_request("response_format must be one of `[wav]`", param="response_format")
    try:
        state.limits.admit(model.id, amounts_of_audio(0.0), state.clock.now())
    except OverLimitError as refusal:
        raise RefusedError(refusals.over_limit(model.id, refusal)) from refusal
    context.outcome = f"{model.id} · {len(text)} characters"
    return Reply(200, _hum(len(text) / _CHARACTERS_PER_S), _WAV)


def _hum(seconds: float) -> bytes:
    samples = array("h", [round(8_000 * math.sin(n * 0.05)) for n in range(round(seconds * _RATE))])
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    return target.getvalue()
