"""Commands about spending on the screen, which has windows for usage and planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.ledger.sums import Grouping, Sums
from groqchat.services.quota.budget import day_end
from groqchat.services.quota.forecasts import month_forecast
from groqchat.ui.spending.actions import SpendingActions

if TYPE_CHECKING:
    from groqchat.ui.services import Services
    from groqchat.ui.spending.usage import UsageScreen
    from groqchat.ui.workspace.workspace import Workspace

MONTH_S = 30 * 86_400


class ScreenSpending(SpendingActions):
    """Commands about spending, also those that open windows.

    Args:
        workspace: The parts of the chat.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace

    async def show_usage(self, _: str) -> None:
        """Open the window with what was used."""
        await self._workspace.ask(usage_screen(self._workspace.services))

    async def open_planner(self, _: str) -> None:
        """Open the planner: what fits under the limits by the user's averages, and its cost."""
        from groqchat.domain.planning.projection import UsageProjection
        from groqchat.ui.spending.planner import OutlookScreen

        workspace = self._workspace
        connection = await workspace.account.ready("the planner opens")
        if connection is None:
            return
        now = workspace.services.clock.now()
        months = {
            share.key: share.sums
            for share in await workspace.services.ledger.by(
                Grouping.MODEL, since=now - MONTH_S, until=day_end(now)
            )
            if share.provider is None
        }
        current = workspace.options.model
        models = [current, *(model for model in months if model != current)]
        for model in models:
            await connection.quota.refresh(model)
        projections = [
            UsageProjection(
                workspace.catalog.get(model),
                connection.quota.recent_tokens_per_turn(model),
                months.get(model, Sums()),
            )
            for model in models
        ]
        await workspace.ask(OutlookScreen(projections))


def usage_screen(services: Services) -> UsageScreen:
    """The window with what was used on this machine."""
    from groqchat.ui.spending.usage import UsageScreen

    async def title_of(session_id: str) -> str:
        session = await services.store.session(session_id)
        return session.title if session else session_id

    ledger = services.ledger

    async def forecast() -> str:
        found = await month_forecast(ledger, services.clock.now())
        return str(found) if found else ""

    return UsageScreen(ledger.by, ledger.spent, title_of, services.save_export, forecast)
