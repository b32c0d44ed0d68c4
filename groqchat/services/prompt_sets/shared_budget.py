"""The money that several requests at once may spend together: each is let pass while it fits."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import OverBudgetError
from groqchat.domain.text.humanize import exact_money

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from decimal import Decimal

    from groqchat.services.ports import Ledger


class SharedBudget:
    """What one session may cost.

    Args:
        ledger: What was spent.
        session_id: On what.
        limit: The most that may be, in US dollars at list price.
    """

    def __init__(self, ledger: Ledger, session_id: str, limit: Decimal) -> None:
        self._ledger = ledger
        self._session_id = session_id
        self._limit = limit
        self._held: list[Decimal] = []
        self._landed = asyncio.Condition()

    @asynccontextmanager
    async def holding(self, expected: Decimal) -> AsyncGenerator[None, None]:
        """Set aside what a request will probably cost while it is under way.

        Where there is not enough left beside what others hold, it waits for what they really
        cost.

        Raises:
            OverBudgetError: Even with all others back there is not enough left.
        """
        await self._take(expected)
        try:
            yield
        finally:
            self._held.remove(expected)
            async with self._landed:
                self._landed.notify_all()

    async def _take(self, expected: Decimal) -> None:
        async with self._landed:
            while True:
                spent = (await self._ledger.spent(session_id=self._session_id)).cost
                if spent + sum(self._held) + expected <= self._limit:
                    self._held.append(expected)
                    return
                if not self._held:
                    told = f"{exact_money(spent)} of {exact_money(self._limit)} on this set"
                    raise failure("over_budget", detail=f"{told}, too little for the next request")
                await self._landed.wait()


class RunningTurns:
    """The turns of one run that are under way, for those that wait until one of them has ended."""

    def __init__(self) -> None:
        self.count = 0
        self._running = 0
        self._news = asyncio.Condition()

    @asynccontextmanager
    async def under_way(self) -> AsyncGenerator[None, None]:
        """Count a turn as running, and in the end as landed unless a budget kept it here."""
        self._running += 1
        has_left = True
        try:
            yield
        except OverBudgetError:
            has_left = False
            raise
        finally:
            self._running -= 1
            self.count += has_left
            async with self._news:
                self._news.notify_all()

    async def another(self, count: int) -> bool:
        """Wait until more than so many have landed; False where nobody is left to wait for."""
        async with self._news:
            await self._news.wait_for(lambda: self.count > count or not self._running)
        return self.count > count
