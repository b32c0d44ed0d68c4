"""All about one model, in words: what the picker says of the highlighted row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.models.choosing import context_of
from groqchat.domain.text.humanize import UNKNOWN, count, exact_money, speed
from groqchat.ui.models.rows import FAVOURITE, LONGEST_ID, absence, price_words
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from groqchat.domain.models.choosing import Choice


# The width of a fact's name, and that from which on two facts stand beside each other, in cells.
_LABEL, _TWO_COLUMNS = 11, 70


def describe(choice: Choice, width: int) -> Content:
    """The facts about a model for which its row has no room, laid out for a width in cells."""
    model = choice.model
    parts = [
        Content.assemble(
            (line(model.id, LONGEST_ID), "bold $foreground"),
            f" {model.status if model.is_usable else absence(model)}",
            (f" {FAVOURITE} favourite" if choice.is_favourite else "", "$text-accent"),
        ),
        *_in_columns(_facts(choice), width),
    ]
    if choice.uses:
        parts.append(Content(f"Suggested for: {', '.join(use.title for use in choice.uses)}."))
    if model.note:
        parts.append(Content(line(model.note, 200)))
    return Content("\n").join(parts)


def _in_columns(facts: Mapping[str, str], width: int) -> Iterator[Content]:
    """Names and values under each other, two beside each other where both fit."""
    if width < _TWO_COLUMNS:
        yield Content(" · ".join(f"{name} {value}" for name, value in facts.items()))
        return
    half = width // 2
    left: Content | None = None
    for name, value in facts.items():
        fact = Content.assemble((f"{name:<{_LABEL}}", "$text-muted"), (value, "$foreground"))
        if fact.cell_length >= half:
            yield from (row for row in (left, fact) if row is not None)
            left = None
        elif left is None:
            left = fact
        else:
            yield left.pad_right(half - left.cell_length) + fact
            left = None
    if left is not None:
        yield left


def _facts(choice: Choice) -> dict[str, str]:
    """The known facts, the most important first; for a usable model also the unknown ones."""
    model, price = choice.model, choice.model.price
    cached = price.cached_input if price else None
    known = {
        "says": f"{line(model.source, 60)} {model.as_of}" if model.is_retired else "",
        "shutdown": choice.shutdown.when if choice.shutdown else "",
        "left today": choice.left_today if choice.left else "",
        "context": count(context_of(model)),
        "price": f"{price_words(model)} in / out a million",
        "here": _measured(choice),
        "answer": f"up to {count(model.max_completion_tokens)}",
        "cached": f"{exact_money(cached)} a million" if cached is not None else "",
        "listed": f"{model.speed_tps:,} tok/s according to Groq" if model.speed_tps else "",
        "can": ", ".join(line(ability, 30) for ability in model.abilities),
        "price from": f"{line(price.source, 60)} {price.as_of}".rstrip() if price else "",
    }
    return {
        name: fact
        for name, fact in known.items()
        if fact and (model.is_usable or UNKNOWN not in fact)
    }


def _measured(choice: Choice) -> str:
    if choice.speed is None:
        return ""
    answers = choice.speed.answers
    over = f"median of your last {answers}" if answers > 1 else "in your last answer"
    return f"{speed(choice.speed.tokens_per_second)} ({over})"
