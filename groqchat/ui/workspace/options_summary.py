"""The options of a session in words: in short for the panel, in full for the help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.images.shown import line
from groqchat.domain.models import request_parameters
from groqchat.domain.models.parameters import refused_options
from groqchat.domain.sessions.options import PARAMETERS
from groqchat.domain.structured.schema import keys_of
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.service_tier import ServiceTier

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options

DEFAULT_TIER = f"the default ({ServiceTier.ON_DEMAND})"
LONGEST_PROMPT = 200
LONGEST_VALUE = 40


def in_short(options: Options, model: Model) -> list[str]:
    """The options beside model and system prompt, in a few words each."""
    summaries = (
        options.service_tier and f"tier {options.service_tier}",
        options.effort and f"effort {effort_of(options, model)}",
        options.max_tokens and f"≤ {count(options.max_tokens)} tokens",
        options.history and f"last {options.history} messages",
        form_of(options, model),
        *_further_in_short(options, model),
        *(f"{name} not sent" for name in sorted(options.dropped - set(PARAMETERS.values()))),
    )
    return [words for words in summaries if words]


def in_full(options: Options, model: Model) -> list[tuple[str, str, str]]:
    """All options as rows: a key, the command that changes the option, its value."""
    tier = options.service_tier or DEFAULT_TIER
    longest, history = bounds_of(options)
    prompt = line(options.system, LONGEST_PROMPT) or "none"
    further = _further_in_short(options, model)
    return [
        ("", "/model", f"Model: {options.model}"),
        ("", "/tier", f"Service tier: {tier}"),
        ("", "/effort", f"Reasoning effort: {effort_of(options, model)}"),
        ("", "/system", f"System prompt: {prompt}"),
        ("", "/max-tokens", longest),
        ("", "/schema", f"Form of answers: {form_of(options, model) or 'text'}"),
        ("", "", history),
        ("", "/set", f"Further parameters: {', '.join(further) or 'none set'}"),
    ]


# What `/set` alone changes; the other parameters have commands of their own.
_FURTHER = [
    each
    for each in request_parameters.PARAMETERS
    if each.name not in {"effort", "max_tokens", "service_tier"}
]


def _further_in_short(options: Options, model: Model) -> list[str]:
    """The parameters that are set, marked as not sent where the model does not take them."""
    refused = refused_options(options, model)
    return [
        f"{each.title} {line(text, LONGEST_VALUE)}{', not sent' if each.sent_as in refused else ''}"
        for each in _FURTHER
        if (text := each.text(options))
    ]


def form_of(options: Options, model: Model) -> str:
    """The form of answers in a few words; empty for plain text."""
    keys = line(keys_of(options.schema), LONGEST_VALUE) if options.schema else ""
    form = f"JSON: {keys}" if keys else "JSON" if options.is_json else ""
    is_refused = form and "response_format" in refused_options(options, model)
    return f"{form}, not sent" if is_refused else form


def bounds_of(options: Options) -> tuple[str, str]:
    """The sentences about the longest answer and the history that is sent."""
    longest = f"{count(options.max_tokens)} tokens at most" if options.max_tokens else "as fits"
    history = f"the last {options.history} messages" if options.history else "all messages"
    return f"Longest answer: {longest}", f"Sent with a prompt: {history}"


def effort_of(options: Options, model: Model) -> str:
    """The reasoning effort, marked as not sent where the model does not take it."""
    if options.effort is None:
        return "the default"
    is_refused = "reasoning_effort" in refused_options(options, model)
    return f"{options.effort}, not sent" if is_refused else options.effort
