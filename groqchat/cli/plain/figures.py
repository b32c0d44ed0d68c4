"""Limits as lines, each of which is understood alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count, countdown, counted
from groqchat.domain.turns.answer_footer import footer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.limits.quota import Level, QuotaView
    from groqchat.domain.turns.chat import Message


def footer_line(answer: Message) -> str:
    """The figures of an answer in one line, with commas, which a screen reader pauses at."""
    return f"[{footer_of(answer).replace(' · ', ', ')}]"


def quota_lines(view: QuotaView) -> Iterator[str]:
    """The model, its plan, what is left of each limit, and the one that binds."""
    inferred = " (inferred)" if view.plan_inferred else ""
    yield f"{view.model}, {f'{view.plan} plan{inferred}' if view.plan else 'plan unknown'}."
    if all(level.remaining is None or level.limit is None for level in view.levels):
        yield "Nothing is known of its limits yet: they come with the first answer."
        return
    yield from map(_level_line, view.levels)
    if view.turns_left is not None:
        yield f"About {counted(view.turns_left, 'turn')} left, by {view.binding}."


def _level_line(level: Level) -> str:
    name = f"{level.kind}, {level.kind.meaning}"
    if level.remaining is None or level.limit is None:
        return f"{name}: unknown."
    back = f", all back in {countdown(level.resets_in_s)}" if level.resets_in_s else ""
    source = f", from the {level.source}" if level.source else ""
    return f"{name}: {count(level.remaining)} of {count(level.limit)} left{back}{source}."
