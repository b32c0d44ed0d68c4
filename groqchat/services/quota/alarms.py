"""Tells the user once when 50 %, 80 % and nearly all of a limit or a budget is used."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from groqchat.domain.limits.alerts import Alerts
from groqchat.domain.text.humanize import count, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groqchat.domain.limits.quota import Level, QuotaView
    from groqchat.services.quota.budget import BudgetStatus

MINUTE_S, HOUR_S = 60, 3600


class Alarms:
    """Compares each state of limits and budgets with the last one, and reports what is new.

    Args:
        say: Shows a sentence to the user.
        now: Gives the Unix time.
    """

    def __init__(self, say: Callable[[str], None], now: Callable[[], float] = time.time) -> None:
        self._say = say
        self._now = now
        self._alerts = Alerts()

    def check_limits(self, view: QuotaView) -> None:
        """Check what is used of the limits; what is, or may be, reserved for answers is not."""
        for level in map(view.without_reserved, view.levels):
            if level.share_left is None or level.kind in view.guessed:
                continue
            key = (view.model, level.kind)
            # A minute's limit refills while one reads: speaking of it each time would be noise.
            refills = level.kind.window_s > MINUTE_S
            used = 1 - level.share_left
            if self._alerts.passed_mark(key, used, refills=refills) is not None:
                self._say(_limit_words(view.model, level, used, self._now()))

    def check_budgets(self, statuses: Iterable[BudgetStatus]) -> None:
        """Check the budgets after a turn, when its cost is in the ledger."""
        for status in statuses:
            key = (status.session_id, status.limit)
            if self._alerts.passed_mark(key, status.share) is not None:
                self._say(f"{percent(status.share)} of your budget is spent: {status}.")


def _limit_words(model: str, level: Level, used: float, now: float) -> str:
    """One short sentence that stays true while it is read: 40 columns have three rows for it."""
    what = level.kind.meaning.partition(" per ")[0]
    left = f"{count(level.remaining)} of {count(level.limit)} {what} left"
    back = f", back at {_clock(now, level.resets_in_s)}" if level.resets_in_s else ""
    return f"{percent(used)} of {level.kind} is used: {left}{back} ({model.rpartition('/')[2]})."


def _clock(now: float, seconds: float) -> str:
    """The local time of day in so many seconds, to the second where that is soon."""
    at = datetime.fromtimestamp(now + seconds, UTC).astimezone()
    return f"{at:%H:%M:%S}" if seconds < HOUR_S else f"{at:%H:%M}"
