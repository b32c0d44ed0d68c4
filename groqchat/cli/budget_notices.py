"""Says on stderr when the spending of a command passes 50 %, 80 % or nearly all of a budget."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.cli.output import YELLOW, narrate
from groqchat.domain.errors.tree import StorageError
from groqchat.services.quota.alarms import Alarms

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from groqchat.services.quota.budget import BudgetGuard


@asynccontextmanager
async def budgets_watched(budget: BudgetGuard, session_id: str) -> AsyncGenerator[None, None]:
    """Compare the spending before and after a command, however it ends."""
    alarms = Alarms(lambda words: narrate(f"groqchat: {words}", YELLOW))
    alarms.check_budgets(await budget.statuses(session_id))
    try:
        yield
    finally:
        with suppress(StorageError):  # the answer is there, whatever became of the settings
            alarms.check_budgets(await budget.statuses(session_id))
