"""The lines of a batch: one request each, in the form that Groq's Batch API takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Kind
from groqchat.domain.models.parameters import refused_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.models.catalog import Model

CHAT = "/v1/chat/completions"
TRANSCRIPTION = "/v1/audio/transcriptions"
TRANSLATION = "/v1/audio/translations"
# The endpoints of lines (Groq batch docs).
ENDPOINTS = (CHAT, TRANSCRIPTION, TRANSLATION)
# What follows the id in the text of a line; within an id its quotes would be escaped.
REQUEST = ',"method":'
_FIELDS = ("custom_id", "method", "url", "body")
_LONGEST_ID = 512
_ABILITIES = {TRANSCRIPTION: "transcription", TRANSLATION: "translation"}


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One request of a batch.

    ``text`` is its JSON without a line break. ``audio_s`` is the length of the audio in seconds
    where the file of the user tells it.
    """

    custom_id: str
    url: str
    model: str
    text: str
    audio_s: float | None = None

    @property
    def size(self) -> int:
        """The bytes of the line in the uploaded file, with its line break."""
        return len(self.text.encode()) + 1

    @property
    def request(self) -> str:
        """What is asked, without the id: equal for lines that ask the same."""
        return self.text[self.text.find(REQUEST) :]

    @property
    def is_audio(self) -> bool:
        """Whether the line is about audio, and so priced by its length."""
        return self.url != CHAT

    def body(self) -> dict[str, object]:
        """The body of the request."""
        body: dict[str, object] = json.loads(self.text)["body"]
        return body


def batch_line(
    request: Mapping[str, object],
    model_of: Callable[[str], Model],
    *,
    audio_s: float | None = None,
) -> BatchLine:
    """Check one request and give it the form of a line.

    Args:
        request: The object with ``custom_id``, ``method``, ``url`` and ``body``.
        model_of: What is known about a model.
        audio_s: The length of the audio in seconds, if it is known.

    Raises:
        ValueError: The server would refuse the line; the message says why.
    """
    unknown = next((name for name in request if name not in _FIELDS), None)
    if unknown is not None:
        raise ValueError(f"{unknown!r} is no field of a batch line; those are {', '.join(_FIELDS)}")
    custom_id = _custom_id(request.get("custom_id"))
    if request.get("method", "POST") != "POST":
        raise ValueError('the method must be "POST"')
    url = request.get("url", CHAT)
    if not isinstance(url, str) or url not in ENDPOINTS:
        raise ValueError(f"the url {url!r} is none of {', '.join(ENDPOINTS)}")
    body = request.get("body")
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise ValueError("the body names no model; give one with -m")
    _check(url, body, model_of(model))
    whole = {"custom_id": custom_id, "method": "POST", "url": url, "body": body}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a character (a lone surrogate)") from None
    return BatchLine(custom_id, url, model, text, audio_s)


def _custom_id(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("the custom_id must be a text that is not empty")
    if len(value) > _LONGEST_ID:
        raise ValueError(f"the custom_id is longer than {_LONGEST_ID} characters")
    return value


def _check(url: str, body: Mapping[str, object], model: Model) -> None:
    """Refuse what no batch takes, and what the model refuses."""
    if not model.is_usable:
        raise ValueError(f"{model.id} cannot be asked: {model.absence}")
    if body.get("service_tier") is not None:
        raise ValueError("a batch has no service tier; leave service_tier out")
    if url == CHAT:
        _check_chat(body, model)
    else:
        _check_audio(url, body, model)


def _check_chat(body: Mapping[str, object], model: Model) -> None:
    if model.kind not in {Kind.CHAT, Kind.GUARD}:
        raise ValueError(f"{model.id} does not chat")
    if body.get("stream"):
        raise ValueError("a batch does not stream; leave stream out")
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise ValueError("the body has no messages")
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise ValueError("each message must be an object with a role and content")
        if "name" in message:
            raise ValueError("the API does not support the field name in messages")
    refused = refused_parameters(model, body)
    for name, reason in refused.items():
        raise ValueError(f"{name} would be refused: {reason}")


def _check_audio(url: str, body: Mapping[str, object], model: Model) -> None:
    ability = _ABILITIES[url]
    if model.kind is not Kind.AUDIO and model.source:
        raise ValueError(f"{model.id} does not transcribe audio")
    if model.abilities and not model.can(ability):
        raise ValueError(f"{model.id} does not offer {ability}")
    address = body.get("url")
    if not isinstance(address, str) or not address.startswith(("http://", "https://")):
        raise ValueError("audio in a batch is given by a url that begins with https://")
