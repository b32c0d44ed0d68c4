"""The rows of the model picker: as many columns as fit, each as wide as what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from groqchat.domain.models.catalog import Status
from groqchat.domain.models.choosing import Order, context_of
from groqchat.domain.text.humanize import UNKNOWN, count, exact_money
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.models.choosing import Choice

LONGEST_ID = 60
PRESENT, FAVOURITE = "●", "★"
_GAP = 2


class _Column(NamedTuple):
    heading: str
    cell: Callable[[Choice], str]
    order: Order | None = None


def price_words(model: Model) -> str:
    """The list price of input and output, in dollars per million tokens."""
    price = model.price
    if price is None or price.input is None or price.output is None:
        return UNKNOWN
    return f"{exact_money(price.input)} / {exact_money(price.output)}"


def absence(model: Model) -> str:
    """The reason why a model cannot be used, and its named replacement."""
    replacement = f" → {line(model.replacement, LONGEST_ID)}" if model.replacement else ""
    return f"{model.absence}{replacement}"


def _context(choice: Choice) -> str:
    tokens = context_of(choice.model)
    return count(tokens) if tokens is None or tokens < 1000 else f"{tokens // 1000:,}K"


def _measured(choice: Choice) -> str:
    return f"{choice.speed.tokens_per_second:,.0f}" if choice.speed else ""


def _listed(choice: Choice) -> str:
    return f"{choice.model.speed_tps:,}" if choice.model.speed_tps else ""


# As they stand, and in this order they give way where there is no room.
_COLUMNS = (
    _Column("in / out per M", lambda choice: price_words(choice.model), Order.PRICE),
    _Column("left today", lambda choice: choice.left_today),
    _Column("context", _context, Order.CONTEXT),
    _Column("your tok/s", _measured, Order.SPEED),
    _Column("listed", _listed, Order.SPEED),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that are shown with their widths, and the width left for the names, in cells."""

    columns: tuple[tuple[_Column, int], ...]
    name_width: int
    order: Order

    @classmethod
    def of(cls, choices: Sequence[Choice], width: int, order: Order) -> Layout:
        """Fit the columns that say anything; those of the order are the last to give way."""
        usable = [choice for choice in choices if choice.model.is_usable]
        room = width - max((len(_name(choice)) for choice in usable), default=0)
        kept = []
        for column in sorted(_COLUMNS, key=lambda column: column.order is not order):
            cells = [column.cell(choice) for choice in usable]
            column_width = _GAP + max(map(len, (column.heading, *cells)))
            if any(cells) and column_width <= room:
                room -= column_width
                kept.append((column, column_width))
        kept.sort(key=lambda shown: _COLUMNS.index(shown[0]))
        return cls(tuple(kept), width - sum(width for _, width in kept), order)

    def header(self) -> Content:
        """The headings; that of the order stands out."""
        cells = [
            Content.assemble(
                " " * (width - len(column.heading)),
                (
                    column.heading,
                    "underline $text-accent" if column.order is self.order else "$text-muted",
                ),
            )
            for column, width in self.columns
        ]
        return Content("").join([Content(" " * self.name_width), *cells])

    def row(self, choice: Choice, *, is_present: bool) -> Content:
        """The row of a model; for an unusable model it gives the reason."""
        name = _name(choice, is_present=is_present)
        model = choice.model
        if not model.is_usable:
            return Content.styled(f"{name}  {absence(model)}", "$text-muted")
        badge = "" if model.status is Status.PRODUCTION else f" {model.status}"
        badge = badge if len(name + badge) <= self.name_width else ""
        head = Content.assemble((name, "bold"), (badge, "$text-warning"))
        head = head.truncate(self.name_width, ellipsis=True)
        cells = [
            Content.styled(column.cell(choice).rjust(width), "$text-muted")
            for column, width in self.columns
        ]
        return Content("").join([head.pad_right(self.name_width - head.cell_length), *cells])


def _name(choice: Choice, *, is_present: bool = False) -> str:
    """The name with its marks before it."""
    marks = f"{PRESENT if is_present else ' '}{FAVOURITE if choice.is_favourite else ' '}"
    return f"{marks} {line(choice.model.id, LONGEST_ID)}"
