"""Faults of the answer itself: another finish reason, another shape, or no content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.simulator.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.simulator.composed_answer import ComposedAnswer

REFUSAL = "I'm sorry, but I can't help with that."
UNKNOWN_REASON = "insufficient_system_resource"
"""A finish reason that DeepSeek's API gives and Groq's SDK does not know."""


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """A fault that changes the composed answer.

    ``alter`` takes the answer and the number of content tokens to keep, and changes it in place.
    """

    name: str
    summary: str
    alter: Callable[[ComposedAnswer, int], None]
    value: str = "tokens of content"
    default: float = 0.0


def _ends(reason: str) -> Callable[[ComposedAnswer, int], None]:
    def alter(answer: ComposedAnswer, tokens: int) -> None:
        answer.content = answer.content[:tokens]
        answer.finish_reason = reason

    return alter


def _call(answer: ComposedAnswer, tokens: int) -> None:
    _ends("tool_calls")(answer, tokens)
    function = {"name": "search", "arguments": '{"query": "groqchat"}'}
    call = {"id": "fc_odd", "type": "function", "function": function, "index": 0}
    answer.extra = {"tool_calls": [call]}


def _refuse(answer: ComposedAnswer, tokens: int) -> None:
    _ends("stop")(answer, tokens)
    answer.extra = {"refusal": REFUSAL}


def _reason_only(answer: ComposedAnswer, tokens: int) -> None:
    _ends("stop")(answer, tokens)
    answer.reasoning = answer.reasoning or ["Let", " me", " see", "."]


def _say_nothing(answer: ComposedAnswer, tokens: int) -> None:
    _ends("stop")(answer, tokens)
    answer.reasoning = []


def _off_schema(answer: ComposedAnswer, _tokens: int) -> None:
    answer.content = tokenize('{"unexpected": true}')


def _in_parts(answer: ComposedAnswer, _tokens: int) -> None:
    answer.is_in_parts = True


ANSWER_FAULTS = (
    AnswerFault("ends_filtered", "ends with content_filter", _ends("content_filter")),
    AnswerFault("ends_refused", "a refusal beside the content, finish_reason stop", _refuse),
    AnswerFault("ends_in_a_call", "ends with tool_calls though no tool was offered", _call),
    AnswerFault("ends_oddly", f"ends with {UNKNOWN_REASON}", _ends(UNKNOWN_REASON)),
    AnswerFault("only_reasons", "reasoning, then stop", _reason_only),
    AnswerFault("says_nothing", "stop, with neither reasoning nor content", _say_nothing),
    AnswerFault("off_schema", "JSON that follows no schema", _off_schema, value=""),
    AnswerFault("in_parts", "content as a list of parts", _in_parts, value=""),
)
