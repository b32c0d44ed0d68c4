"""The sums of the ledger that the cost meter shows."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from groqchat.services.quota.budget import day_end, month_end, month_start
from groqchat.services.quota.forecasts import month_forecast

if TYPE_CHECKING:
    from decimal import Decimal

    from groqchat.domain.ledger.sums import Sums
    from groqchat.ui.services import Services


class Spent(NamedTuple):
    """The sums that one ``reading`` found; ``forecast`` is that of the month, beside a budget."""

    reading: int
    session: Sums
    today: Sums
    month: Sums
    forecast: Decimal | None


class LedgerSums:
    """Reads the sums of a session, of this day and of this month.

    Args:
        services: The ledger, the settings and the time.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._readings = 0

    async def read(self, session_id: str) -> Spent:
        """What a session, the day and the month cost so far.

        Raises:
            StorageError: The ledger cannot be read.
        """
        self._readings += 1
        reading, spent = self._readings, self._services.ledger.spent
        now = self._services.clock.now()
        moment = datetime.fromtimestamp(now).astimezone()
        today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        session, in_day, in_month = await asyncio.gather(
            spent(session_id=session_id),
            spent(since=today.timestamp(), until=day_end(now)),
            spent(since=month_start(now), until=month_end(now)),
        )
        return Spent(reading, session, in_day, in_month, await self._forecast(now))

    def is_newest(self, spent: Spent) -> bool:
        """Whether the sums were not read anew since."""
        return spent.reading == self._readings

    async def _forecast(self, now: float) -> Decimal | None:
        if self._services.settings.budget.monthly_usd is None:
            return None
        forecast = await month_forecast(self._services.ledger, now)
        return forecast.cost if forecast else None
