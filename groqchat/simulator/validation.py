"""Validation of chat requests, as strict as Groq's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from groqchat.domain.models.catalog import Kind
from groqchat.domain.turns.service_tier import TIERS, ServiceTier
from groqchat.simulator.exchange import RefusedError
from groqchat.simulator.faults import refusals
from groqchat.simulator.faults.refusals import bad_request
from groqchat.simulator.images.validation import check_images
from groqchat.simulator.response_formats import check_format
from groqchat.simulator.sampling import check_sampling
from groqchat.simulator.tokens import text_of, tokenize_prompt
from groqchat.simulator.tools.schemas import check_tools
from groqchat.simulator.tools.sequence import check_sequence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.simulator.server_state import ServerState

# The keywords of Groq's SDK (1.7) that a chat model takes.
_FIELDS = {
    "citation_options",
    "disable_tool_validation",
    "documents",
    "frequency_penalty",
    "include_reasoning",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "model",
    "n",
    "parallel_tool_calls",
    "presence_penalty",
    "reasoning_effort",
    "reasoning_format",
    "response_format",
    "seed",
    "service_tier",
    "stop",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_p",
    "user",
}
# Known, but refused: Groq documents them as not supported.
_UNSUPPORTED = ("logprobs", "top_logprobs", "logit_bias", "metadata", "store")
_KINDS: dict[str, tuple[type, str]] = {
    "stream": (bool, "a boolean"),
    "stream_options": (dict, "an object"),
    "response_format": (dict, "an object"),
    "tools": (list, "an array"),
    "seed": (int, "an integer"),
}
_MESSAGE_KEYS = {
    "system": {"role", "content"},
    "developer": {"role", "content"},
    "user": {"role", "content"},
    "assistant": {"role", "content", "tool_calls", "reasoning"},
    "tool": {"role", "content", "tool_call_id"},
}


@dataclass(frozen=True, slots=True)
class ChatCall:
    """A valid chat request.

    ``prompt`` holds its tokens, ``question`` the user's last message. ``shows_reasoning`` is the
    form of the reasoning: ``parsed``, ``raw``, ``hidden``, or ``none`` where there is none.
    ``called`` are the names of the tools called since that message, ``results`` what they gave.
    ``images`` is the number of images.
    """

    model: Model
    prompt: tuple[str, ...]
    question: str
    max_tokens: int | None
    stream: bool
    include_usage: bool
    tier: str
    effort: str
    shows_reasoning: str
    seed: int | None
    stop: tuple[str, ...]
    tools: tuple[Mapping[str, Any], ...]
    tool_choice: object
    response_format: Mapping[str, Any]
    called: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    images: int = 0


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a request body.

    Raises:
        RefusedError: 400 when the body is not a JSON object.
    """
    try:
        value = json.loads(body)
        if b"\\ud" in body.lower():  # Half a surrogate pair is no character, and cannot be echoed.
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as problem:
        raise bad_request(f"request body is not valid JSON: {problem}") from problem
    if not isinstance(value, dict):
        message = "request body must be a JSON object"
        raise bad_request(message)
    return value


def read_chat(body: Mapping[str, Any], state: ServerState) -> ChatCall:
    """Validate a chat request.

    Raises:
        RefusedError: With Groq's reply for the first mistake.
    """
    _check_fields(body)
    model = find_model(body.get("model"), state)
    if model.kind not in {Kind.CHAT, Kind.GUARD}:
        raise bad_request(f"The model `{model.id}` does not support chat completions")
    stop = check_sampling(body, model)
    messages = _messages(body.get("messages"))
    images = check_images(messages, model)
    question = next((text_of(m["content"]) for m in reversed(messages) if m["role"] == "user"), "")
    max_tokens = _max_tokens(body, model)
    response_format, tools = body.get("response_format") or {}, tuple(body.get("tools") or ())
    prompt = tuple(
        tokenize_prompt(messages, model.id, response_format=response_format, tools=tools)
    )
    if model.context_window is not None and len(prompt) + (max_tokens or 0) > model.context_window:
        raise RefusedError(refusals.context_length())
    effort, shows = _reasoning(body, model)
    check_format(response_format, messages, body, model)
    check_tools(tools)
    return ChatCall(
        model=model,
        prompt=prompt,
        question=question,
        max_tokens=max_tokens,
        stream=body.get("stream") is True,
        include_usage=bool((body.get("stream_options") or {}).get("include_usage")),
        tier=_tier(body),
        effort=effort,
        shows_reasoning=shows,
        seed=body.get("seed"),
        stop=stop,
        tools=tools,
        tool_choice=body.get("tool_choice"),
        response_format=response_format,
        images=images,
        **_round(messages),
    )


def _round(messages: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """What was called since the last prompt, and what came of it."""
    last = max((at for at, each in enumerate(messages) if each["role"] == "user"), default=0)
    since = messages[last:]
    calls = [call for each in since for call in each.get("tool_calls") or ()]
    results = [text_of(each["content"]) for each in since if each["role"] == "tool"]
    return {
        "called": tuple(call["function"]["name"] for call in calls),
        "results": tuple(results),
    }


def find_model(model_id: object, state: ServerState) -> Model:
    """The model with an id, if this account may call it.

    Raises:
        RefusedError: 404 for a model that does not exist or is for enterprises only, 400 for a
            retired one, 403 for the blocked one.
    """
    if not isinstance(model_id, str) or not model_id:
        message = "'model' : property 'model' is missing"
        raise bad_request(message)
    model = state.models.get(model_id)
    if model is None or model.enterprise_only:
        raise RefusedError(refusals.not_found(model_id))
    if model.is_retired:
        raise RefusedError(refusals.decommissioned(model_id))
    if model_id == state.options.blocked_model:
        raise RefusedError(refusals.blocked(model_id))
    return model


def _check_fields(body: Mapping[str, Any]) -> None:
    for name, (kind, words) in _KINDS.items():
        if body.get(name) is not None and not isinstance(body[name], kind):
            raise bad_request(f"'{name}' : value must be {words}", param=name)
    if not all(isinstance(tool, dict) for tool in body.get("tools") or ()):
        message = "'tools' : value must be an array of objects"
        raise bad_request(message, param="tools")
    for name in _UNSUPPORTED:
        if body.get(name) not in (None, False):
            raise bad_request(f"`{name}` is not supported with this model", param=name)
    unknown = next(
        (name for name in body if name not in _FIELDS and name not in _UNSUPPORTED), None
    )
    if unknown is not None:
        raise bad_request(f"property '{unknown}' is unsupported")
    if body.get("n") not in (None, 1):
        message = "'n' : number must be at most 1"
        raise bad_request(message, param="n")


def _messages(messages: object) -> list[dict[str, Any]]:
    if not isinstance(messages, list) or not messages:
        message = "'messages' : minimum number of items is 1"
        raise bad_request(message)
    for index, message in enumerate(messages):
        _check_message(index, message)
    check_sequence(messages)
    return messages


def _check_message(index: int, message: object) -> None:
    where = f"'messages.{index}'"
    if not isinstance(message, dict):
        raise bad_request(f"{where} : value must be an object")
    role = message.get("role")
    keys = _MESSAGE_KEYS.get(role) if isinstance(role, str) else None
    if keys is None:
        raise bad_request(f"{where} : discriminator property 'role' has invalid value")
    problem = next((f"property '{key}' is unsupported" for key in message if key not in keys), None)
    if role != "assistant" and not isinstance(message.get("content"), str | list):
        problem = "property 'content' is missing"
    if problem:
        raise bad_request(
            f"{where} : for 'role:{role}' the following must be satisfied[({where} : {problem})]"
        )


def _max_tokens(body: Mapping[str, Any], model: Model) -> int | None:
    name = "max_tokens" if body.get("max_completion_tokens") is None else "max_completion_tokens"
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or value < 1:
        raise bad_request(f"'{name}' : number must be at least 1", param=name)
    most = model.max_completion_tokens
    if most is not None and value > most:
        raise bad_request(f"`{name}` must be less than or equal to `{most}`", param=name)
    return value


def _reasoning(body: Mapping[str, Any], model: Model) -> tuple[str, str]:
    """The reasoning effort, and the form of the reasoning."""
    effort, form = body.get("reasoning_effort"), body.get("reasoning_format")
    include = body.get("include_reasoning")
    if include is not None and form is not None:
        message = "cannot specify both `include_reasoning` and `reasoning_format`"
        raise bad_request(message)
    for name, value, known in (
        ("reasoning_effort", effort, model.reasoning_efforts),
        ("reasoning_format", form, (*model.reasoning_formats, "parsed")),
        ("include_reasoning", include, (True, False)),
    ):
        _check_reasoning(name, value, known, model)
    if not model.can("reasoning") or effort == "none":
        return "none", "none"
    if effort is None and "none" in model.reasoning_efforts:
        return "none", "none"  # A family that can leave reasoning out was seen to do so unasked.
    return effort or "medium", "hidden" if include is False else form or _usual_form(body, model)


def _usual_form(body: Mapping[str, Any], model: Model) -> str:
    """The form of the reasoning where the request names none (Groq reasoning docs)."""
    is_apart = "raw" not in model.reasoning_formats or body.get("tools")
    return "parsed" if is_apart or body.get("response_format") else "raw"


def _check_reasoning(name: str, value: object, known: tuple[object, ...], model: Model) -> None:
    if value is None:
        return
    if not model.can("reasoning"):
        raise bad_request(f"`{name}` is not supported with this model", param=name)
    if value not in known:
        listed = [f"`{each}`" for each in known]
        choice = f"{', '.join(listed[:-1])} or {listed[-1]}"
        raise bad_request(f"`{name}` must be one of {choice}", param=name)


def _tier(body: Mapping[str, Any]) -> str:
    tier = body.get("service_tier") or ServiceTier.ON_DEMAND
    if tier not in TIERS:
        listed = ", ".join(f"`{each}`" for each in TIERS)
        raise bad_request(f"`service_tier` must be one of {listed}", param="service_tier")
    return ServiceTier.ON_DEMAND if tier == ServiceTier.AUTO else str(tier)
