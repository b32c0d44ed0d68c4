"""The details of one message in words: what it used, cost and took, and what it was asked with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.money.pricing import MILLION
from groqchat.domain.text.humanize import count, counted, duration, exact_money, speed
from groqchat.domain.turns.answer_form import SCHEMA
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.finish_reasons import ending
from groqchat.domain.turns.sent_parameters import SYSTEM_DIGEST, system_digest, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from groqchat.domain.money.pricing import Price
    from groqchat.domain.turns.chat import Message

Row = tuple[str, str]


def details_of(message: Message, price: Price | None, system: str = "") -> list[Row]:
    """The rows of the details: a label and its value.

    Args:
        message: A prompt, an answer, or a result.
        price: What the model costs now; None where it is not known.
        system: The session's present system prompt.
    """
    rows = [("length", counted(len(message.content), "character"))]
    if message.role is Role.ASSISTANT:
        rows = [("answered by", message.signature), *_ends(message), *_tokens(message, price)]
        rows += [*_money(message), *_times(message)]
        rows += _system(message.asked_with, system)
        sent = {name: each for name, each in message.asked_with.items() if name != SYSTEM_DIGEST}
        rows += [("asked with", text) for text in asked_with_words(sent)]
    return [*rows, *([("request", message.request_id)] if message.request_id else [])]


def _system(asked_with: Mapping[str, object], present: str) -> Iterator[Row]:
    """Whether the system prompt is still that of the answer, as far as it is known."""
    digest = asked_with.get(SYSTEM_DIGEST)
    if digest and digest == system_digest(present):
        yield "system prompt", "the one that the session has now"
    elif digest:
        yield "system prompt", f"another one than the session has now (SHA-256 {digest}…)"


def asked_with_words(asked_with: Mapping[str, object]) -> list[str]:
    """Each parameter of a request with its value, by the server's names."""
    shown = {name: _in_short(name, value, asked_with) for name, value in asked_with.items()}
    return [
        f"{name} {json.dumps(value, ensure_ascii=False)}"
        if isinstance(value, dict)
        else f"{name} {written(value)}"
        for name, value in shown.items()
    ]


def _in_short(name: str, value: object, asked_with: Mapping[str, object]) -> object:
    """A value; of ``response_format`` its kind, where the schema stands beside it."""
    if name == "tools" and isinstance(value, dict):
        return list(value)  # what tells their changes is of no use to readers
    if name != "response_format" or not isinstance(value, dict) or SCHEMA not in asked_with:
        return value
    inner = value.get("json_schema")
    is_strict = isinstance(inner, dict) and inner.get("strict") is True
    return f"{value.get('type')}{', strict' if is_strict else ''}"


def _ends(message: Message) -> Iterator[Row]:
    yield "ended", ending(message) or message.finish_reason or message.state
    if message.service_tier:
        yield "service tier", message.service_tier


def _tokens(message: Message, price: Price | None) -> Iterator[Row]:
    usage = message.usage
    if usage is None:
        return
    about = "≈ " if usage.is_estimated else ""
    cached = f", {count(usage.cached_tokens)} of them cached" if usage.cached_tokens else ""
    yield "tokens in", f"{about}{count(usage.prompt_tokens)}{cached}"
    yield "tokens out", f"{about}{count(usage.completion_tokens)}"
    if usage.reasoning_tokens:
        cost = ""
        if price is not None and price.output is not None:
            dollars = exact_money(usage.reasoning_tokens * price.output / MILLION)
            cost = f", {dollars} at today's price"
        yield "of them reasoning", f"{about}{count(usage.reasoning_tokens)}{cost}"


def _money(message: Message) -> Iterator[Row]:
    cost = message.cost
    yield "cost", exact_money(cost.total) if cost else "unknown"
    if cost and cost.saved_by_cache:
        yield "saved by the cache", exact_money(cost.saved_by_cache)


def _times(message: Message) -> Iterator[Row]:
    timing = message.timing
    if timing is None:
        return
    if timing.time_to_first_token_s is not None:
        yield "first token", duration(timing.time_to_first_token_s)
    yield "whole answer", duration(timing.total_s)
    rate = message.usage and timing.tokens_per_second(message.usage.completion_tokens)
    if rate:
        yield "speed", speed(rate)
