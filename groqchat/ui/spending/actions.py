"""Commands about spending: budget, usage, planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.ledger.sums import Grouping, Sums
from groqchat.domain.money.amounts import read_dollars
from groqchat.domain.text.humanize import counted, exact_money
from groqchat.services.quota.budget import day_end, statuses
from groqchat.services.quota.forecasts import month_forecast

if TYPE_CHECKING:
    from groqchat.domain.settings import Budget
    from groqchat.ui.services import Services, StoreServices
    from groqchat.ui.spending.usage import UsageScreen
    from groqchat.ui.workspace.workspace import Workspace

MONTH_S = 30 * 86_400
_PLACES = {"month": "monthly_usd", "session": "session_usd"}
_NAMES = {"monthly_usd": "Monthly budget", "session_usd": "Session budget"}
_USAGE = "Write /budget 10 for a month, /budget session 1 for a session, /budget off for none."
_BUFFER = (
    "Groq counts spending 10–15 minutes late, this budget at once. Keep Groq's own limit above it: "
    "{uncounted} of the last 15 minutes may be missing there. [budget] buffer holds a part back."
)


class SpendingActions:
    """Commands about budgets and usage."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def set_budget(self, argument: str) -> None:
        """Set the budget of the month or of sessions, or say how it stands."""
        if argument.lower() in {"", *_PLACES}:
            await self._show()
        else:
            await self._set(argument)

    async def show_cost(self, _: str) -> None:
        """Say what the session has cost."""
        workspace = self._workspace
        words = await cost_words(workspace.services, workspace.conversation.session.id)
        workspace.notify(words)

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

    async def _set(self, argument: str) -> None:
        workspace = self._workspace
        *scope, amount = argument.lower().split()
        try:
            name = _PLACES[" ".join(scope) or "month"]
            value = None if amount in {"off", "none"} else read_dollars(amount)
        except (LookupError, ValueError):
            workspace.prompt.refuse(_USAGE, "budget", argument)
            return
        try:
            workspace.services.change_setting(f"budget.{name}", value)
        except StorageError as error:
            workspace.show_error(error)
            workspace.prompt.give_command_back("budget", argument)
            return
        workspace.notify(_sentence(workspace.services.settings.budget, name))
        await workspace.figures.refresh()

    async def _show(self) -> None:
        workspace, services = self._workspace, self._workspace.services
        session_id, now = workspace.conversation.session.id, services.clock.now()
        stand = await statuses(services.ledger, services.settings.budget, now, session_id)
        if not stand:
            workspace.notify(f"No budget is set. {_USAGE}")
            return
        spent = "; ".join(map(str, stand))
        asked = services.keys.server_of(services.profile)
        uncounted = exact_money(stand[0].uncounted)
        buffer = f" {_BUFFER.format(uncounted=uncounted)}" if asked.is_groq else ""
        workspace.notify(f"Spent {spent}.{buffer}")


async def cost_words(services: StoreServices, session_id: str) -> str:
    """The sentence about what a session has cost.

    Raises:
        StorageError: The ledger cannot be read.
    """
    sums = await services.ledger.spent(session_id=session_id)
    return (
        f"This session: {sums.cost_text(exact_money)} at list price, "
        f"{counted(sums.requests, 'request')}, cache saved {exact_money(sums.known_saved)}. "
        f"{sums.from_cache()}"
    ).rstrip()


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


def _sentence(budget: Budget, name: str) -> str:
    """The sentence about a budget that was set, or removed while the other one stays."""
    limits = {"monthly_usd": budget.monthly_usd, "session_usd": budget.session_usd}
    limit = limits.pop(name)
    if limit is not None:
        return f"{_NAMES[name]}: {exact_money(limit)} (list price)."
    other, stays = limits.popitem()
    rest = (
        f" {_NAMES[other]}: still {exact_money(stays)} (list price)." if stays is not None else ""
    )
    return f"{_NAMES[name]} removed.{rest}"
