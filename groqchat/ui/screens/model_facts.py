"""All about one model, in words: what the picker says of the highlighted row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.choosing import context_of
from groqchat.domain.humanize import UNKNOWN, count, exact_money, speed
from groqchat.ui.screens.model_rows import FAVOURITE, LONGEST_ID, absence, price_words
from groqchat.ui.text import line

if TYPE_CHECKING:
    from groqchat.domain.choosing import Choice


def describe(choice: Choice) -> Content:
    """What the row has no room for."""
    model = choice.model
    parts = [
        Content.assemble(
            (line(model.id, LONGEST_ID), "bold $foreground"),
            f" {model.status if model.is_usable else absence(model)}",
            (f" {FAVOURITE} favourite" if choice.is_favourite else "", "$text-accent"),
        ),
        Content(" · ".join(_facts(choice))),
    ]
    if choice.uses:
        parts.append(Content(f"Suggested for: {', '.join(use.title for use in choice.uses)}."))
    if model.note:
        parts.append(Content(line(model.note, 200)))
    return Content("\n").join(parts)


def _facts(choice: Choice) -> list[str]:
    """What is known, in the order in which it matters; of a usable model also what is not."""
    model, price = choice.model, choice.model.price
    cached = price.cached_input if price else None
    known = [
        f"says {line(model.source, 60)} {model.as_of}" if model.is_retired else "",
        f"left today: {choice.left_today}" if choice.left else "",
        f"price {price_words(model)} in / out per million tokens",
        f"cached {exact_money(cached)}" if cached is not None else "",
        f"context {count(context_of(model))}",
        f"answer up to {count(model.max_completion_tokens)}",
        _measured(choice),
        f"listed {model.speed_tps:,} tok/s, no promise" if model.speed_tps else "",
        ", ".join(line(ability, 30) for ability in model.abilities),
        f"price from {line(price.source, 60)} {price.as_of}".rstrip() if price else "",
    ]
    return [fact for fact in known if fact and (model.is_usable or UNKNOWN not in fact)]


def _measured(choice: Choice) -> str:
    if choice.speed is None:
        return ""
    answers = choice.speed.answers
    over = f"median of your last {answers} answers" if answers > 1 else "in your last answer"
    return f"{speed(choice.speed.tokens_per_second)} here ({over})"
