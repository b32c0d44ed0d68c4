"""The choice of a model: the day's limits, measured speeds, and the order of the list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Kind, Status
from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from groqchat.domain.limits.quota import Level, QuotaView
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.models.shutdowns import Shutdown
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.domain.money.pricing import Price

DAY_S = 86_400
# What a request reads for each token that it writes, where one figure is to stand for a price.
READ_PER_WRITTEN = 3


class Order(StrEnum):
    """An order of models: recommended, alphabetical, cheapest, fastest or roomiest first."""

    BEST = "best"
    NAME = "name"
    PRICE = "price"
    SPEED = "speed"
    CONTEXT = "context"

    @property
    def next(self) -> Order:
        """The next order; the first one after the last."""
        orders = list(Order)
        return orders[(orders.index(self) + 1) % len(orders)]


@dataclass(frozen=True, slots=True)
class Speed:
    """The measured speed of a model: the median of so many answers, in tokens per second."""

    tokens_per_second: float
    answers: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A model with the figures of the user's own records.

    ``left`` are the known limits of the day; ``uses`` are the purposes for which the model is
    advised; ``shutdown`` is the announced end of the model, if there is one.
    """

    model: Model
    left: tuple[Level, ...] = ()
    speed: Speed | None = None
    is_favourite: bool = False
    uses: tuple[UseCase, ...] = ()
    shutdown: Shutdown | None = None

    @property
    def left_today(self) -> str:
        """The rest of the day's limits: ``998 RPD · 199,500 TPD``; empty if unknown."""
        return " · ".join(f"{count(level.remaining)} {level.kind}" for level in self.left)

    def matches(self, query: str) -> bool:
        """Whether every word occurs in the model's name, abilities, status or uses."""
        model = self.model
        uses = (f"{use.id} {use.title}" for use in self.uses)
        text = " ".join((model.id, model.status, model.kind, *model.abilities, *uses)).lower()
        return all(word in text for word in query.lower().split())


def typical_speed(samples: Sequence[float]) -> Speed | None:
    """The median of measured speeds, which one slow answer does not move; None without any."""
    if not samples:
        return None
    ranked, half = sorted(samples), len(samples) // 2
    return Speed((ranked[half] + ranked[~half]) / 2, len(samples))


def day_levels(view: QuotaView) -> tuple[Level, ...]:
    """The limits of the day whose rest is known."""
    return tuple(
        level
        for level in view.levels
        if level.kind.window_s == DAY_S and level.remaining is not None
    )


def context_of(model: Model) -> int | None:
    """The tokens of conversation that a model takes; None if unknown or if it holds none.

    The 448 tokens listed for a speech-to-text model bound a piece of its transcript.
    """
    return None if model.kind is Kind.AUDIO else model.context_window


def ordered(choices: Iterable[Choice], order: Order) -> list[Choice]:
    """The choices in an order: usable models first, favourites before others, kinds together.

    Unknown figures come last in every order; equal choices keep their order.
    """
    return sorted(choices, key=lambda choice: (_group(choice), _place(choice, order)))


def _group(choice: Choice) -> tuple[bool, bool, int]:
    model = choice.model
    return not model.is_usable, not choice.is_favourite, list(Kind).index(model.kind)


def _place(choice: Choice, order: Order) -> tuple[bool, Decimal | float | str]:
    """The sort key of a choice within its group, and whether its figure is known."""
    model = choice.model
    match order:
        case Order.BEST:
            return False, list(Status).index(model.status)
        case Order.NAME:
            return False, model.id
        case Order.PRICE:
            price = _one_price(model.price)
            return price is None, price or 0
        case Order.SPEED:
            speed = _one_speed(choice)
            return speed is None, -(speed or 0)
        case Order.CONTEXT:
            context = context_of(model)
            return context is None, -(context or 0)


def _one_price(price: Price | None) -> Decimal | None:
    """One figure for a price: of tokens a blend, else that of an hour or of characters."""
    if price is None:
        return None
    if price.input is not None and price.output is not None:
        return (READ_PER_WRITTEN * price.input + price.output) / (READ_PER_WRITTEN + 1)
    return price.per_hour if price.per_hour is not None else price.per_million_chars


def _one_speed(choice: Choice) -> float | None:
    """The measured speed, or else the listed one; of audio in multiples of real time."""
    if choice.speed is not None:
        return choice.speed.tokens_per_second
    return choice.model.speed_tps or choice.model.speed_factor
