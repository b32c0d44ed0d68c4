"""The running cost meter: what was spent and saved, exact to the last digit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from groqchat.domain.ledger.sums import Sums
from groqchat.domain.settings import Budget
from groqchat.domain.text.humanize import count, exact_money, money, percent
from groqchat.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Costs:
    """The figures of the meter; ``turn`` is the cost of the last turn, None when it is unknown.

    ``has_turn``: an answer was paid for in this session. ``is_answering``: a turn is running, whose
    cost is known at its end; ``turn`` is then that of its rounds so far, None before the first.
    ``paid_nothing``: on the free plan the list price is not charged.
    ``forecast``: what the month costs at its end, at the present pace.
    """

    has_turn: bool = False
    is_answering: bool = False
    turn: Decimal | None = None
    session: Sums = field(default_factory=Sums)
    today: Sums = field(default_factory=Sums)
    month: Sums = field(default_factory=Sums)
    budget: Budget = field(default_factory=Budget)
    paid_nothing: bool = False
    forecast: Decimal | None = None


class CostMeter(Rows):
    """Shows the sums of the ledger beside each other."""

    DEFAULT_CSS = """
    CostMeter { height: auto; width: 1fr; }
    CostMeter > .cost--heading { color: $text-accent; text-style: bold; }
    CostMeter > .cost--dim { color: $text-muted; }
    CostMeter > .cost--good { color: $text-success; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"cost--heading", "cost--dim", "cost--good"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._costs = Costs()

    def show(self, costs: Costs) -> None:
        """Show these sums."""
        self._costs = costs
        self.renew()

    def made_rows(self) -> list[Content]:
        """The sums, and what of them is worth a word."""
        costs, session = self._costs, self._costs.session
        lines = [
            self.styled("cost--heading", "Cost at list price"),
            self._row("this turn", self._of_turn()),
            *self._against("this session", session, costs.budget.session_usd),
            self._row("  tokens in", count(session.prompt_tokens)),
            self._row("  of them cached", _cached(session)),
            self._row("  tokens out", count(session.completion_tokens)),
        ]
        if session.saved:
            lines.append(self._row("  cache saved", exact_money(session.saved), "cost--good"))
        if costs.paid_nothing and (session.requests or not session.unpriced):
            paid = f"  paid $0 · list {session.cost_text(exact_money)}"
            lines.append(self.styled("cost--good", paid))
        lines.append(self._row("today", costs.today.cost_text(exact_money)))
        lines.extend(self._against("this month", costs.month, costs.budget.spendable_usd))
        if costs.budget.monthly_usd is not None:
            lines.extend(self._beside_the_budget(costs))
        return lines

    def _beside_the_budget(self, costs: Costs) -> Iterator[Content]:
        """The part of the month's budget that is held back, and the forecast of the month."""
        budget = costs.budget
        if budget.monthly_usd is not None and budget.buffer:
            held = exact_money(budget.monthly_usd * budget.buffer)
            yield self._row("  held back", held)
        if costs.forecast is not None:
            yield self._row("  at this pace", f"≈ {money(costs.forecast)}")

    def _of_turn(self) -> str:
        if self._costs.is_answering:
            turn = self._costs.turn
            return "not known yet" if turn is None else f"{exact_money(turn)} so far"
        return exact_money(self._costs.turn) if self._costs.has_turn else "–"

    def _against(self, label: str, sums: Sums, limit: Decimal | None) -> tuple[Content, ...]:
        """A sum and its budget, on a line each where they do not fit on one."""
        spent = sums.cost_text(exact_money)
        if limit is None:
            return (self._row(label, spent),)
        both = f"{spent} of {exact_money(limit)}"
        if len(label) + len(both) < self.row_width:
            return (self._row(label, both),)
        return self._row(label, spent), self._row("  of the budget", exact_money(limit))

    def _row(self, label: str, value: str, style: str = "") -> Content:
        gap = " " * max(1, self.row_width - len(label) - len(value))
        return self.styled("cost--dim", label) + Content(gap) + self.styled(style, value)


def _cached(sums: Sums) -> str:
    """The tokens that came from the cache, with their share where there are any."""
    share = f"{percent(sums.cached_share or 0.0)} · " if sums.cached_tokens else ""
    return f"{share}{count(sums.cached_tokens)}"
