"""A shorter answer, as a remedy of errors about the length of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Options

SHORT_ANSWER_TOKENS = 600


def shortened(options: Options, error: GroqchatError) -> Options:
    """The options with an answer as short as is of use after an error."""
    most = (error.facts.limit if is_of_answers(error) else None) or SHORT_ANSWER_TOKENS
    longest = min(most, SHORT_ANSWER_TOKENS, options.max_tokens or SHORT_ANSWER_TOKENS)
    return replace(options, max_tokens=longest)


def is_of_answers(error: GroqchatError) -> bool:
    """Whether an error is about the length of the answer, not of the conversation."""
    return error.facts.limit_kind is LimitKind.OTPM
