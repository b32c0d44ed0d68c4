"""The finish reasons of servers, and what they mean for an answer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.errors.refusal_bodies import shown_name
from groqchat.domain.turns.chat import State

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Finished, Message


class End(StrEnum):
    """The kinds of ends of an answer."""

    WHOLE = "whole"
    LENGTH = "length"
    FILTER = "filter"
    CALL = "call"
    REFUSAL = "refusal"
    UNKNOWN = "unknown"


# Groq knows four (its SDK); the others are words of vLLM, Mistral, Anthropic and Gemini for them.
_ENDS = {
    End.WHOLE: ("stop", "eos", "eos_token", "end_turn", "stop_sequence"),
    End.LENGTH: ("length", "max_tokens", "model_length"),
    End.FILTER: ("content_filter", "safety"),
    End.CALL: ("tool_calls", "function_call", "tool_use"),
    End.REFUSAL: ("refusal",),
}
_BY_REASON = {reason: end for end, reasons in _ENDS.items() for reason in reasons}
_STATES = {End.WHOLE: State.COMPLETE, End.LENGTH: State.CUT_BY_LIMIT}
_WORDS = {
    End.WHOLE: "ended in a refusal",
    End.REFUSAL: "ended in a refusal",
    End.FILTER: "cut off by the content filter",
    End.CALL: "ended with a tool call",
}


GOES_ON = "The answer is longer than most: its rest is asked for now."


def end_of(finished: Finished) -> End:
    """The kind of end of an answer."""
    end = _BY_REASON.get(finished.reason.lower(), End.UNKNOWN)
    return End.REFUSAL if finished.refusal and end is End.WHOLE else end


def state_of(finished: Finished) -> State:
    """The state of an ended answer that has some text, or calls that can be answered."""
    if finished.calls and end_of(finished) in {End.CALL, End.WHOLE}:
        return State.COMPLETE
    return _STATES.get(end_of(finished), State.ENDED)


def why_unanswered(finished: Finished, *, has_reasoned: bool) -> str:
    """The name of the cause for an answer that ended without any text."""
    end = end_of(finished)
    if end is End.WHOLE and finished.is_call:
        end = End.CALL
    if end is End.WHOLE:
        return "answer_only_reasoned" if has_reasoned else "answer_empty"
    return f"answer_{_CAUSES[end]}"


_CAUSES = {
    End.LENGTH: "too_short",
    End.FILTER: "filtered",
    End.CALL: "is_a_call",
    End.REFUSAL: "refused",
    End.UNKNOWN: "ended_oddly",
}


def ending(answer: Message) -> str:
    """The end of an answer in a few words; empty if it is whole or has no end."""
    match answer.state:
        case State.CUT_BY_LIMIT:
            return "cut at its maximum length"
        case State.UNANSWERED:
            return "no answer"
        case State.ENDED:
            reason = answer.finish_reason or ""
            words = _WORDS.get(_BY_REASON.get(reason.lower(), End.UNKNOWN))
            return words or f"ended by the server: {shown_name(reason) or 'no reason given'}"
    return ""
