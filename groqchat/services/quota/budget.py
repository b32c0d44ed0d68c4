"""The user's own budgets: a request is refused before it is sent when the money is spent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.clocks import AHEAD_S
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.ledger.holds import Cap, CapUsage, Hold
from groqchat.domain.text.humanize import exact_money

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.ledger.holds import Claim
    from groqchat.domain.settings import Budget
    from groqchat.domain.turns.chat import Message
    from groqchat.services.ports import Clock, Ledger

UNCOUNTED_S = 15 * 60
"""Groq counts spending 10 to 15 minutes late (spend-limit docs): what was spent since is not in its
own sum, and its own limit stops requests that much later."""

LONGER_THAN_A_MONTH_S = 32 * 86_400

NOTHING = Decimal(0)


class PendingAnswer(Protocol):
    """An answer that money is held for until its request is recorded."""

    message: Message
    is_recorded: bool


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """The spending against one budget, in US dollars at list price.

    ``place`` names the budget in words; ``uncounted`` is the part that Groq may not have counted
    yet.
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


def caps(budget: Budget, now: float, session_id: str) -> tuple[Cap, ...]:
    """The limits of the user's budgets for this month and for a session."""
    month, session = budget.spendable_usd, budget.session_usd
    if month is None and session is None:
        return ()
    bounds = (month_start(now), month_end(now))
    monthly = () if month is None else (Cap(f"this month{held_back(budget)}", month, *bounds),)
    own = () if session is None else (Cap("in this session", session, session_id=session_id),)
    return (*monthly, *own)


def held_back(budget: Budget) -> str:
    """The part of the monthly budget that is not to be spent, in words; empty where all is."""
    if budget.monthly_usd is None or not budget.buffer:
        return ""
    share = f"{(budget.buffer * 100).normalize():f}%"
    return f" ({share} of {exact_money(budget.monthly_usd)} is held back)"


async def statuses(
    ledger: Ledger, budget: Budget, now: float, session_id: str
) -> tuple[BudgetStatus, ...]:
    """The status of each of the user's budgets.

    Raises:
        StorageError: The ledger cannot be read.
    """
    return tuple(
        [
            BudgetStatus(
                cap.place,
                await _spent(ledger, cap),
                cap.limit,
                (await ledger.spent(**_lately(cap.since, now), session_id=cap.session_id)).cost,
                cap.session_id,
            )
            for cap in caps(budget, now, session_id)
        ]
    )


async def check_budget(ledger: Ledger, bounds: Iterable[Cap]) -> None:
    """Check whether there is money left, at list price.

    Raises:
        OverBudgetError: A budget is spent.
    """
    for cap in bounds:
        spent = await _spent(ledger, cap)
        if spent >= cap.limit:
            raise failure("over_budget", detail=_against(cap, spent))


class BudgetGuard:
    """Checks the user's budgets before every request of an account.

    Args:
        ledger: Knows what was spent.
        budget_now: Gives the budget as it is set at the moment.
        clock: Time.
    """

    def __init__(self, ledger: Ledger, budget_now: Callable[[], Budget], clock: Clock) -> None:
        self._ledger = ledger
        self._budget_now = budget_now
        self._clock = clock
        self._passes = 0

    def allow_once(self) -> None:
        """Let one more turn pass whatever the budget says; the user has decided so."""
        self._passes += 1

    async def check(self, session_id: str) -> bool:
        """Check the budget before a turn of a session begins.

        Returns:
            Whether the user has decided that the turn passes whatever the budget says.

        Raises:
            OverBudgetError: The money is spent.
        """
        if self._passes:
            self._passes -= 1
            return True
        await check_budget(self._ledger, self._caps(session_id))
        return False

    def _caps(self, session_id: str) -> tuple[Cap, ...]:
        return caps(self._budget_now(), self._clock.now(), session_id)

    @asynccontextmanager
    async def holding(
        self,
        answer: PendingAnswer,
        cost: Decimal | None,
        claim: Claim,
        *,
        ignores_budget: bool = False,
    ) -> AsyncGenerator[bool, None]:
        """Set aside what a request may take while it is under way, so that other requests count it.

        Args:
            answer: The answer that the request is sent for; recording it ends the hold.
            cost: The probable cost; None is unknown, and holds nothing.
            claim: What the request takes of its limits.
            ignores_budget: Whether the user has decided to send it whatever the budget says.

        Yields:
            Whether it is set aside. If not, other processes have changed what is left of the limits
            since they were read, and nothing is to be sent.

        Raises:
            OverBudgetError: The cost does not fit beside what is spent and what is held.
        """
        message = answer.message
        bounds = () if ignores_budget else self._caps(message.session_id)
        hold, is_held = Hold(message.id, message.session_id, cost or NOTHING, claim), True
        try:
            in_the_way = await self._ledger.hold(hold, bounds)
            is_held = in_the_way is None
            if isinstance(in_the_way, CapUsage):
                raise _over_cap(in_the_way, hold.cost)
            yield is_held
        finally:
            if (
                is_held and not answer.is_recorded
            ):  # also where nobody waits any more for the hold itself
                with suppress(StorageError):
                    await asyncio.shield(self._ledger.release(message.id))

    async def check_batch(self, job_id: str, cost: Decimal | None) -> None:
        """Check whether a batch fits into what is left of the month.

        Args:
            job_id: The submission, which counts itself once it is stored.
            cost: The probable cost; None is unknown, and counts nothing.

        Raises:
            OverBudgetError: It does not fit beside what is spent, held and under way.
        """
        bounds = [cap for cap in self._caps("") if cap.session_id is None]
        hold = Hold(job_id, "", cost or NOTHING)
        try:
            full = await self._ledger.hold(hold, bounds)
        finally:
            await asyncio.shield(self._ledger.release(job_id))
        if isinstance(full, CapUsage):
            raise _over_cap(full, hold.cost)

    async def statuses(self, session_id: str) -> tuple[BudgetStatus, ...]:
        """The status of each of the user's budgets, for one session."""
        return await statuses(self._ledger, self._budget_now(), self._clock.now(), session_id)


async def _spent(ledger: Ledger, cap: Cap) -> Decimal:
    sums = await ledger.spent(since=cap.since, until=cap.until, session_id=cap.session_id)
    return sums.cost


def _against(cap: Cap, spent: Decimal) -> str:
    return f"{exact_money(spent)} of {exact_money(cap.limit)} {cap.place}"


def _over_cap(usage: CapUsage, cost: Decimal) -> GroqchatError:
    """The error for a request that does not fit into a budget."""
    cap, spent = usage.cap, _against(usage.cap, usage.spent)
    if usage.spent >= cap.limit:
        return failure("over_budget", detail=spent)
    spent += " is spent"
    if usage.batches:
        spent += f", running batches will probably cost {exact_money(usage.batches)}"
    need = f"this one may cost {exact_money(cost)}"
    if usage.held and replace(usage, held=NOTHING).takes(cost):
        under_way = f"{exact_money(usage.held)} is reserved for running requests"
        return failure("budget_held", detail=f"{spent}, {under_way}, and {need}")
    return failure("budget_short", detail=f"{spent}, and {need}")


def _lately(since: float, now: float) -> dict[str, float]:
    """The span of time that Groq may not have counted yet."""
    return {"since": max(since, now - UNCOUNTED_S), "until": now + AHEAD_S}


def local_day(now: float) -> date:
    """The day of a Unix time in the local time zone."""
    return datetime.fromtimestamp(now).astimezone().date()


def day_start(now: float) -> float:
    """The Unix time at which the day of a Unix time began, in the local time zone."""
    return datetime.combine(local_day(now), time()).timestamp()


def day_end(now: float) -> float:
    """The Unix time at which the day of a Unix time ends, in the local time zone."""
    return datetime.combine(local_day(now) + timedelta(days=1), time()).timestamp()


def month_end(now: float) -> float:
    """The Unix time at which the month of a Unix time ends, in the local time zone.

    Entries dated later were written while a clock was ahead; they count in their own month.
    """
    return month_start(month_start(now) + LONGER_THAN_A_MONTH_S)


def month_start(now: float) -> float:
    """The Unix time at which the month of a Unix time began, in the local time zone."""
    moment = datetime.fromtimestamp(now).astimezone()
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
