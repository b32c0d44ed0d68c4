"""The budget that several requests at once share."""

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
    """The budget of one session.

    Args:
        ledger: Knows what was spent.
        session_id: The session.
        limit: The most that the session may cost, in US dollars at list price.
    """

    def __init__(self, ledger: Ledger, session_id: str, limit: Decimal) -> None:
        self._ledger = ledger
        self._session_id = session_id
        self._limit = limit
        self._held: list[Decimal] = []
        self._freed = asyncio.Condition()

    @asynccontextmanager
    async def holding(self, expected: Decimal) -> AsyncGenerator[None, None]:
        """Set aside what a request will probably cost while it is under way.

        Where other requests hold too much of the budget, the request waits until their real costs
        are known.

        Raises:
            OverBudgetError: Too little is left although no other request is under way.
        """
        await self._take(expected)
        try:
            yield
        finally:
            self._held.remove(expected)
            async with self._freed:
                self._freed.notify_all()

    async def _take(self, expected: Decimal) -> None:
        async with self._freed:
            while True:
                spent = (await self._ledger.spent(session_id=self._session_id)).cost
                if spent + sum(self._held) + expected <= self._limit:
                    self._held.append(expected)
                    return
                if not self._held:
                    stand = (
                        f"{exact_money(spent)} of {exact_money(self._limit)} is spent on this set"
                    )
                    need = f"the next request may cost {exact_money(expected)}"
                    raise failure("set_budget_short", detail=f"{stand}, and {need}")
                await self._freed.wait()


class RunningTurns:
    """The turns of one run that are under way, for those that wait until one of them has ended.

    ``ended`` counts the turns that have ended after a request was sent.
    """

    def __init__(self) -> None:
        self.ended = 0
        self._running = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None, None]:
        """Count a turn as running, and as ended unless a budget kept its request back."""
        self._running += 1
        was_sent = True
        try:
            yield
        except OverBudgetError:
            was_sent = False
            raise
        finally:
            self._running -= 1
            self.ended += was_sent
            async with self._changed:
                self._changed.notify_all()

    async def wait_for_more(self, ended: int) -> bool:
        """Wait until more than so many turns have ended; False where none is running any more."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.ended > ended or not self._running)
        return self.ended > ended
