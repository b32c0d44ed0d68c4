"""The line below an answer, on the screen and in exported pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count, duration, exact_money, speed
from groqchat.domain.turns.chat import State
from groqchat.domain.turns.finish_reasons import ending

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Message


def footer_of(answer: Message) -> str:
    """The footer of an answer: end, model, tier, tokens, speed, first token and cost."""
    # The server counts only what it finished, some never; of the rest we have an estimate.
    is_counted = answer.state.has_end and not (answer.usage and answer.usage.is_estimated)
    about = "" if is_counted else "≈ "
    how = ending(answer) if answer.state is State.ENDED else ""
    figures = [how, answer.author] if how else [answer.author]
    if answer.service_tier:
        figures.append(answer.service_tier)
    if answer.usage is not None:
        usage = answer.usage
        cached = f" ({count(usage.cached_tokens)} cached)" if usage.cached_tokens else ""
        figures.append(f"{about}{count(usage.prompt_tokens)} in{cached}")
        # Where the reasoning is not shown, nothing else tells what was paid for.
        is_hidden = usage.reasoning_tokens and not answer.reasoning
        hidden = f" ({count(usage.reasoning_tokens)} reasoning)" if is_hidden else ""
        figures.append(f"{about}{count(usage.completion_tokens)} out{hidden}")
        rate = answer.timing and answer.timing.tokens_per_second(usage.completion_tokens)
        if rate:
            figures.append(speed(rate))
    if answer.timing is not None and answer.timing.time_to_first_token_s is not None:
        figures.append(f"first token {duration(answer.timing.time_to_first_token_s)}")
    figures.append(f"{about}{exact_money(answer.cost.total)}" if answer.cost else "cost unknown")
    return " · ".join(figures)
