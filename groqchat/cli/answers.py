"""An answer's figures, as JSON and as a line of words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from groqchat.cli.output import rounded
from groqchat.domain.money.pricing import price_strings, usd_string
from groqchat.domain.money.usage import usage_document
from groqchat.domain.text.humanize import count, duration, exact_money, speed
from groqchat.domain.tools.records import steps_as_json
from groqchat.domain.turns.chat import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.limits.quota import QuotaView
    from groqchat.domain.turns.chat import Answered, Message


def answer_document(
    answered: Answered,
    quota: QuotaView,
    *,
    is_kept: bool = True,
    value: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The document of ``ask --json``.

    Args:
        answered: The answer.
        quota: The limits of its model at Groq; without meaning where another vendor answered.
        is_kept: Whether its session is saved.
        value: The JSON value of the answer, as ``parsed``, where it was asked for in JSON.
    """
    message = answered.message
    return {
        "session_id": message.session_id if is_kept else None,
        "request_id": message.request_id,
        "model": message.model,
        "provider": message.provider,
        "in_place_of": message.in_place_of,
        "service_tier": message.service_tier,
        "answer": message.content,
        **(value or {}),
        "reasoning": message.reasoning or None,
        **({"executed": steps_as_json(message.executed)} if message.executed else {}),
        "finish_reason": message.finish_reason,
        "complete": message.state is State.COMPLETE,
        "usage": message.usage
        and usage_document(message.usage, is_estimated=answered.is_estimated),
        "cost_usd": usd_string(message.cost.total) if message.cost else None,
        "price": price_strings(answered.price),
        "timing": timing_document(message),
        "quota": {} if message.provider else quota_document(quota),
        "attempts": answered.attempts,
        "asked_with": dict(message.asked_with),
    }


def timing_document(message: Message) -> dict[str, float | None] | None:
    """The times of an answer and its speed."""
    if message.timing is None:
        return None
    rate = _rate(message)
    times = {name: rounded(seconds) for name, seconds in asdict(message.timing).items()}
    return {**times, "tokens_per_second": round(rate, 1) if rate else None}


def quota_document(view: QuotaView) -> dict[str, dict[str, object]]:
    """Every limit whose rest is known."""
    return {
        level.kind.value: {
            "limit": level.limit,
            "remaining": level.remaining,
            "resets_in_s": rounded(level.resets_in_s),
            "source": level.source,
        }
        for level in view.levels
        if level.remaining is not None
    }


def usage_line(answered: Answered) -> str:
    """Model, tokens, cost and speed on one line."""
    message = answered.message
    usage, timing = message.usage, message.timing
    parts = [message.signature, message.service_tier or ""]
    if usage:
        cached = f" ({count(usage.cached_tokens)} cached)" if usage.cached_tokens else ""
        about = "≈ " if answered.is_estimated else ""
        parts.append(f"{about}{count(usage.prompt_tokens)}{cached} in")
        thought = f" ({count(usage.reasoning_tokens)} reasoning)" if usage.reasoning_tokens else ""
        parts.append(f"{about}{count(usage.completion_tokens)} out{thought}")
    if timing:
        parts.append(speed(_rate(message)))
        parts.append(f"first token {duration(timing.time_to_first_token_s)}")
    about = "≈ " if answered.is_estimated and message.cost else ""
    parts.append(f"cost {about}{exact_money(message.cost.total if message.cost else None)}")
    return " · ".join(part for part in parts if part)


def _rate(message: Message) -> float | None:
    if message.timing is None or message.usage is None:
        return None
    return message.timing.tokens_per_second(message.usage.completion_tokens)
