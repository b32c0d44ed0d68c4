"""The parameters that a request sends because of its options, and which of them can be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Options

# Parameters that stand in every request.
_ALWAYS_SENT = frozenset({"max_completion_tokens", "max_tokens", "stream_options"})
# Options whose name is not that of their parameter.
_FIELDS = {"reasoning_effort": "effort", "max_completion_tokens": "max_tokens"}


def value_sent(options: Options, parameter: str) -> str:
    """The value that was sent for a parameter, as people write it; empty where that is unknown."""
    value = getattr(options, _FIELDS.get(parameter, parameter), None)
    return "" if value is None or value == "" else str(value)


def can_drop(options: Options, parameter: str) -> bool:
    """True if a request without the parameter differs from one with it."""
    is_sent = parameter in _ALWAYS_SENT or bool(value_sent(options, parameter))
    is_sent |= parameter == "response_format" and options.is_json
    return is_sent and parameter not in options.dropped
