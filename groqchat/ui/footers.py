"""One line of figures under each answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.chat import State
from groqchat.domain.humanize import count, duration, exact_money, speed

if TYPE_CHECKING:
    from groqchat.domain.chat import Message

_STATES = {
    State.STOPPED: "stopped by you",
    State.BROKEN: "broken off: incomplete",
    State.CUT_BY_LIMIT: "cut at its maximum length",
}


def footer_of(answer: Message) -> str:
    """Model, tier, tokens, speed, time to first token and cost, as far as they are known."""
    figures = [answer.model or "unknown model"]
    if answer.service_tier:
        figures.append(answer.service_tier)
    if answer.usage is not None:
        usage = answer.usage
        cached = f" ({count(usage.cached_tokens)} cached)" if usage.cached_tokens else ""
        about = "" if answer.state in {State.COMPLETE, State.CUT_BY_LIMIT} else "≈ "
        figures.append(f"{about}{count(usage.prompt_tokens)} in{cached}")
        figures.append(f"{about}{count(usage.completion_tokens)} out")
    if answer.timing is not None:
        if answer.usage is not None:
            rate = answer.timing.tokens_per_second(answer.usage.completion_tokens)
            if rate is not None:
                figures.append(speed(rate))
        if answer.timing.time_to_first_token_s is not None:
            figures.append(f"first token {duration(answer.timing.time_to_first_token_s)}")
    figures.append(exact_money(answer.cost.total) if answer.cost else "cost unknown")
    return " · ".join(figures)


def state_words(state: State) -> str:
    """What is said beside an answer that is not whole; empty for one that is."""
    return _STATES.get(state, "")
