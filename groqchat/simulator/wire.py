"""The JSON of a chat answer, whole or as a stream of events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.simulator.exchange import dump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.money.usage import Usage

DONE = b"data: [DONE]\n\n"
_HOLE = '"\0"'


@dataclass(frozen=True, slots=True)
class AnswerIds:
    """The ids and names that all events of one answer share."""

    request_id: str
    completion_id: str
    created: int
    model: str
    seed: int
    fingerprint: str
    tier: str


class Events:
    """The server-sent events of one streamed answer, as bytes."""

    def __init__(self, names: AnswerIds) -> None:
        self._names = names
        head, tail = self._event(_HOLE, {}).split(dump(_HOLE))
        self._head, self._tail = head, tail

    def opening(self, *, content: str | None = "") -> bytes:
        """The first chunk: the role and the request id; content is null before a tool call."""
        extra = {"x_groq": {"id": self._names.request_id, "seed": self._names.seed}}
        return self._event({"role": "assistant", "content": content}, extra)

    def delta(self, delta: Mapping[str, Any]) -> bytes:
        """The chunk of one token."""
        return self._head + dump(delta) + self._tail

    def finish(self, reason: str, usage: Mapping[str, Any]) -> bytes:
        """The last chunk of the answer, which has the usage in two places."""
        extra = {"x_groq": {"id": self._names.request_id, "usage": usage}, "usage": usage}
        return self._event({}, extra, reason)

    def trailing_usage(self, usage: Mapping[str, Any]) -> bytes:
        """The additional chunk for requests with ``include_usage``."""
        chunk = self._envelope() | {
            "choices": [],
            "usage": usage,
            "service_tier": self._names.tier,
        }
        return b"data: " + dump(chunk) + b"\n\n"

    def _event(self, delta: object, extra: Mapping[str, Any], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return b"data: " + dump(self._envelope() | {"choices": [choice], **extra}) + b"\n\n"

    def _envelope(self) -> dict[str, object]:
        names = self._names
        return {
            "id": names.completion_id,
            "object": "chat.completion.chunk",
            "created": names.created,
            "model": names.model,
            "system_fingerprint": names.fingerprint,
        }


def whole(
    names: AnswerIds, message: Mapping[str, Any], reason: str, usage: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of an answer that is not streamed."""
    return {
        "id": names.completion_id,
        "object": "chat.completion",
        "created": names.created,
        "model": names.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
        "usage": usage,
        "usage_breakdown": None,
        "system_fingerprint": names.fingerprint,
        "x_groq": {"id": names.request_id, "seed": names.seed},
        "service_tier": names.tier,
    }


def usage_object(usage: Usage) -> dict[str, Any]:
    """Groq's usage object; the details are left out where they are zero."""
    prompt_time, completion_time = usage.prompt_time or 0.0, usage.completion_time or 0.0
    shape: dict[str, Any] = {
        "queue_time": usage.queue_time,
        "prompt_tokens": usage.prompt_tokens,
        "prompt_time": prompt_time,
        "completion_tokens": usage.completion_tokens,
        "completion_time": completion_time,
        "total_tokens": usage.total_tokens,
        "total_time": round(prompt_time + completion_time, 6),
    }
    if usage.cached_tokens:
        shape["prompt_tokens_details"] = {"cached_tokens": usage.cached_tokens}
    if usage.reasoning_tokens:
        shape["completion_tokens_details"] = {"reasoning_tokens": usage.reasoning_tokens}
    return shape


def reasoning_delta(model: str, token: str) -> dict[str, str]:
    """The delta of a reasoning token; models of the gpt-oss family name the channel."""
    delta = {"reasoning": token}
    return delta | {"channel": "analysis"} if model.startswith("openai/gpt-oss") else delta


def whole_message(
    content: str | list[dict[str, str]] | None,
    reasoning: str,
    tool_calls: Sequence[Mapping[str, Any]],
    executed: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The message of an answer that is not streamed; content is absent beside tool calls."""
    message: dict[str, Any] = {"role": "assistant"}
    if content is not None:
        message["content"] = content
    if reasoning:
        message["reasoning"] = reasoning
    if tool_calls:
        message["tool_calls"] = list(tool_calls)
    if executed:
        message["executed_tools"] = list(executed)
    return message
