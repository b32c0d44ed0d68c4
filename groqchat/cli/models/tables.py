"""The table of ``groqchat models``, fitted to the terminal, and its JSON."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.models.choosing import context_of
from groqchat.domain.models.use_cases import suggestions
from groqchat.domain.money.pricing import price_strings
from groqchat.domain.text.humanize import count, exact_money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.limits.quota import LimitKind
    from groqchat.domain.models.catalog import Catalog, Model, Plan
    from groqchat.domain.models.choosing import Choice
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.domain.money.pricing import Price

NOTHING = "-"
_GAP = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its heading (``>`` at its end: numbers) and its cells.

    A column of a greater ``rank`` is left out earlier. ``words`` name a column without a heading.
    """

    heading: str
    cells: tuple[str, ...]
    rank: int
    words: str = ""

    @property
    def name(self) -> str:
        """The heading as a word of a sentence."""
        return self.heading.rstrip(">") or self.words

    @property
    def width(self) -> int:
        """The width in characters."""
        return max(map(len, (self.heading.rstrip(">"), *self.cells)))


def model_columns(choices: Sequence[Choice], catalog: Catalog, plan: Plan) -> list[Column]:
    """The columns of the table, with one cell for each model."""
    speeds = [choice.speed for choice in choices]
    models = [choice.model for choice in choices]
    return [
        Column("", tuple("★" if choice.is_favourite else "" for choice in choices), 0),
        Column("model", tuple(model.id for model in models), 0),
        Column("status", tuple(model.status for model in models), 3),
        Column("kind", tuple(model.kind for model in models), 8),
        Column("context>", tuple(_tokens(context_of(model)) for model in models), 4),
        Column("in / cached / out per M", tuple(_price(model.price) for model in models), 2),
        Column("left today", tuple(choice.left_today or NOTHING for choice in choices), 5),
        Column(f"{plan} limits", tuple(_limits(model.limits.get(plan, {})) for model in models), 6),
        Column(
            "your tok/s>",
            tuple(f"{speed.tokens_per_second:,.0f}" if speed else NOTHING for speed in speeds),
            7,
        ),
        Column("listed>", tuple(_listed(model) for model in models), 7),
        Column("", tuple(_note(choice, catalog) for choice in choices), 1, "replacement"),
    ]


@dataclass(frozen=True, slots=True)
class FittedTable:
    """Head and rows as printed, and the names of the columns that have no room."""

    head: list[str]
    rows: list[tuple[str, ...]]
    left_out: list[str]


def fitting(columns: Sequence[Column]) -> FittedTable:
    """The columns that have contents and, on a terminal, fit its width."""
    telling = [column for column in columns if set(column.cells) - {"", NOTHING}]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    kept = []
    for column in sorted(telling, key=lambda column: column.rank):
        if not column.rank or column.width + _GAP <= room:
            room -= column.width + _GAP
            kept.append(column)
    shown = [column for column in telling if column in kept]
    return FittedTable(
        [column.heading for column in shown],
        list(zip(*(column.cells for column in shown), strict=True)),
        [column.name for column in telling if column not in kept],
    )


def model_document(choice: Choice, catalog: Catalog) -> dict[str, object]:
    """A model as JSON; unknown and inapplicable facts are None."""
    model, speed = choice.model, choice.speed
    return {
        "id": model.id,
        "status": model.status,
        "live": model.live,
        "kind": model.kind,
        "context_window": context_of(model),
        "max_completion_tokens": model.max_completion_tokens,
        "price": price_strings(model.price),
        "limits": {plan: dict(limits) for plan, limits in model.limits.items()},
        "abilities": list(model.abilities),
        "retired_on": model.retired_on,
        "replacement": _replacement(model, catalog),
        "favourite": choice.is_favourite,
        "left_today": {level.kind: level.remaining for level in choice.left},
        "listed_speed": {"tokens_per_second": model.speed_tps, "factor": model.speed_factor},
        "measured_speed": {
            "tokens_per_second": round(speed.tokens_per_second, 1) if speed else None,
            "answers": speed.answers if speed else 0,
        },
        "uses": [use.id for use in choice.uses],
        "note": model.note,
    }


def use_case_document(case: UseCase, catalog: Catalog) -> dict[str, object]:
    """A use case as JSON, with the models to begin with today."""
    return {
        "id": case.id,
        "title": case.title,
        "models": [
            {
                "id": found.model.id,
                "instead_of": found.instead_of.id if found.instead_of else None,
            }
            for found in suggestions(case, catalog)
        ],
        "way": case.way or None,
        "why": case.why,
        "avoid": case.avoid,
        "source": case.source,
        "as_of": case.as_of,
    }


def _replacement(model: Model, catalog: Catalog) -> str | None:
    return catalog.replacement_for(model.id).id if model.is_retired else model.replacement


def _note(choice: Choice, catalog: Catalog) -> str:
    model, ending = choice.model, choice.shutdown
    replacement = (ending and ending.replacement) or _replacement(model, catalog)
    notes = (
        model.absence,
        f"shutdown {ending.when}" if ending else "",
        f"use {replacement}" if replacement else "",
    )
    return ", ".join(filter(None, notes))


def _tokens(number: int | None) -> str:
    return NOTHING if number is None else count(number)


def _price(price: Price | None) -> str:
    if price is None:
        return NOTHING
    if price.per_hour is not None:
        return f"{exact_money(price.per_hour)} an hour"
    if price.per_million_chars is not None:
        return f"{exact_money(price.per_million_chars)} per M characters"
    figures = (price.input, price.cached_input, price.output)
    return " / ".join(NOTHING if one is None else exact_money(one) for one in figures)


def _listed(model: Model) -> str:
    if model.speed_factor:
        return f"{model.speed_factor:,}x"
    return f"{model.speed_tps:,}" if model.speed_tps else NOTHING


def _limits(limits: Mapping[LimitKind, int]) -> str:
    return " · ".join(f"{_short(limits[kind])} {kind}" for kind in limits) or NOTHING


def _short(number: int) -> str:
    """A limit as Groq's own tables write it, such as ``14.4K``, unless that would be rounded."""
    for size, unit in ((1_000_000, "M"), (1_000, "K")):
        if number >= size and number % (size // 10) == 0:
            return f"{number / size:g}{unit}"
    return count(number)
