"""GET /models and /models/{id}: the models of an account, in the long and the short form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.domain.models.catalog import Kind, Status
from groqchat.domain.money.pricing import MILLION
from groqchat.simulator.exchange import RefusedError, Reply, json_reply
from groqchat.simulator.faults import refusals

if TYPE_CHECKING:
    from decimal import Decimal

    from groqchat.domain.models.catalog import Model
    from groqchat.simulator.request_context import RequestContext
    from groqchat.simulator.server_state import ServerState

# As seen in a real list (2026-09-26); any other model gets a plausible day.
_CREATED = {
    "openai/gpt-oss-20b": 1754407957,
    "openai/gpt-oss-120b": 1754408224,
    "openai/gpt-oss-safeguard-20b": 1761708789,
    "qwen/qwen3.8-27b": 1786984846,
    "whisper-large-v3": 1693721698,
    "whisper-large-v3-turbo": 1728413088,
    "canopylabs/orpheus-v1-english": 1766186316,
    "canopylabs/orpheus-arabic-saudi": 1765926439,
    "allam-2-7b": 1737672203,
    "meta-llama/llama-prompt-guard-2-86m": 1748632165,
    "meta-llama/llama-prompt-guard-2-22m": 1748632101,
}
_SOME_DAY = 1_760_000_000
_OWNERS = {
    "openai": "OpenAI",
    "qwen": "Alibaba Cloud",
    "meta-llama": "Meta",
    "canopylabs": "Canopy Labs",
}
_FEATURES = {
    "tools": "tools",
    "json": "json_mode",
    "structured_outputs": "structured_outputs",
    "reasoning": "reasoning",
}
_MODALITIES = {Kind.AUDIO: ("audio", "transcription"), Kind.SPEECH: ("text", "speech")}


async def models(state: ServerState, context: RequestContext) -> Reply:
    """List all models."""
    del context
    entries = [entry_of(model) for model in state.models.values() if _is_listed(model)]
    return json_reply({"object": "list", "data": entries})


async def model(state: ServerState, context: RequestContext) -> Reply:
    """Show one model."""
    found = state.models.get(context.argument)
    if found is None or not _is_listed(found):
        raise RefusedError(refusals.not_found(context.argument))
    return json_reply(entry_of(found))


def _is_listed(model: Model) -> bool:
    return not (model.is_retired or model.enterprise_only)


def entry_of(model: Model) -> dict[str, Any]:
    """The entry of a model; models outside the documented tables have the short form."""
    entry: dict[str, Any] = {
        "id": model.id,
        "object": "model",
        "created": _CREATED.get(model.id, _SOME_DAY),
        "owned_by": _OWNERS.get(model.id.partition("/")[0], "Groq"),
        "active": True,
        "context_window": model.context_window,
        "public_apps": None,
        "max_completion_tokens": model.max_completion_tokens,
    }
    if model.status is Status.UNLISTED:
        return entry
    source, target = _MODALITIES.get(model.kind, ("text", "text"))
    features = [word for ability, word in _FEATURES.items() if model.can(ability)]
    return entry | {
        "name": model.id.rpartition("/")[2],
        "hugging_face_id": model.id if "/" in model.id else None,
        "context_length": model.context_window,
        "max_output_length": model.max_completion_tokens,
        "input_modalities": [source, "image"] if model.can("vision") else [source],
        "output_modalities": [target],
        "supported_features": features or None,
        "supported_sampling_parameters": [*model.sampling, "max_tokens"],
        "pricing": _pricing(model),
    }


def _pricing(model: Model) -> dict[str, str] | None:
    price = model.price
    if price is None:
        return None
    prompt = price.per_million_chars if price.input is None else price.input
    if prompt is None:
        return None
    pricing = {
        "prompt": _per_one(prompt),
        "completion": _per_one(price.output) if price.output is not None else "0",
        "image": "0",
        "request": "0",
    }
    if price.cached_input is not None:
        pricing["input_cache_read"] = _per_one(price.cached_input)
    return pricing


def _per_one(per_million: Decimal) -> str:
    return f"{(per_million / MILLION).normalize():f}"
