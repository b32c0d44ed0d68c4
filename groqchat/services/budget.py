"""The user's own budget: refuses a request before it is sent when the money is spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.domain.causes import failure
from groqchat.domain.humanize import exact_money

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from groqchat.domain.settings import Budget
    from groqchat.services.ports import Clock, Ledger

UNCOUNTED_S = 15 * 60
"""Groq counts spending 10 to 15 minutes late (spend-limit docs): what was spent since is not in its
own sum, and its own limit stops requests that much later."""

AHEAD_S = 60.0
"""Clocks are set by seconds all the time."""
LONGER_THAN_A_MONTH_S = 32 * 86_400


@dataclass(frozen=True, slots=True)
class Standing:
    """What was spent of one budget, in US dollars at list price.

    ``place`` says which in words; ``uncounted`` is what Groq may not have counted yet.
    """

    place: str
    spent: Decimal
    limit: Decimal
    uncounted: Decimal
    session_id: str | None = None

    @property
    def share(self) -> float:
        """The part that is spent; a budget of nothing is spent from the start."""
        return float(self.spent / self.limit) if self.limit else 1.0

    def __str__(self) -> str:
        return f"{exact_money(self.spent)} of {exact_money(self.limit)} {self.place}"


async def standings(
    ledger: Ledger, budget: Budget, now: float, session_id: str
) -> tuple[Standing, ...]:
    """How the budgets stand that the user has set."""
    limits = (
        ("this month", budget.monthly_usd, month_start(now), month_end(now), None),
        ("in this session", budget.session_usd, 0.0, None, session_id),
    )
    return tuple(
        [
            Standing(
                place,
                (await ledger.spent(since=since, until=until, session_id=scope)).cost,
                limit,
                (await ledger.spent(**_lately(since, now), session_id=scope)).cost,
                scope,
            )
            for place, limit, since, until, scope in limits
            if limit is not None
        ]
    )


async def check_budget(ledger: Ledger, budget: Budget, now: float, session_id: str) -> None:
    """See whether there is money left, at list price, this month and in a session.

    Raises:
        OverBudgetError: There is none.
    """
    for standing in await standings(ledger, budget, now, session_id):
        if standing.spent >= standing.limit:
            raise failure("over_budget", detail=str(standing))


class BudgetGuard:
    """Stands before every request of an account.

    Args:
        ledger: What was spent.
        budget_now: The budget as it is set at the moment.
        clock: Time.
    """

    def __init__(self, ledger: Ledger, budget_now: Callable[[], Budget], clock: Clock) -> None:
        self._ledger = ledger
        self._budget_now = budget_now
        self._clock = clock
        self._passes = 0

    def let_one_pass(self) -> None:
        """The user has decided: one more request is sent whatever the budget says."""
        self._passes += 1

    async def check(self, session_id: str) -> None:
        """Let a request of a session pass, or not.

        Raises:
            OverBudgetError: The money is spent.
        """
        if self._passes:
            self._passes -= 1
            return
        await check_budget(self._ledger, self._budget_now(), self._clock.now(), session_id)

    async def standings(self, session_id: str) -> tuple[Standing, ...]:
        """How the budgets stand that are set, for one session."""
        return await standings(self._ledger, self._budget_now(), self._clock.now(), session_id)


def _lately(since: float, now: float) -> dict[str, float]:
    """The time that Groq may not have counted yet."""
    return {"since": max(since, now - UNCOUNTED_S), "until": now + AHEAD_S}


def month_end(now: float) -> float:
    """The Unix time at which the month of a time ends: what is dated later is of no use yet.

    A clock that was ahead has put it there; what it dated later in this month counts.
    """
    return month_start(month_start(now) + LONGER_THAN_A_MONTH_S)


def month_start(now: float) -> float:
    """The Unix time at which the month of a time began, where the user is."""
    moment = datetime.fromtimestamp(now).astimezone()
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
