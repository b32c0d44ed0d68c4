"""Commands about spending: the budget, and what a session has cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.money.amounts import read_dollars
from groqchat.domain.text.humanize import counted, exact_money
from groqchat.services.quota.budget import statuses

if TYPE_CHECKING:
    from groqchat.domain.settings import Budget
    from groqchat.ui.services import StoreServices
    from groqchat.ui.workspace.parts import ChatParts

_PLACES = {"month": "monthly_usd", "session": "session_usd"}
_NAMES = {"monthly_usd": "Monthly budget", "session_usd": "Session budget"}
_USAGE = "Write /budget 10 for a month, /budget session 1 for a session, /budget off for none."
_BUFFER = (
    "Groq counts spending 10–15 minutes late, this budget at once. Keep Groq's own limit above it: "
    "{uncounted} of the last 15 minutes may be missing there. [budget] buffer holds a part back."
)


class SpendingActions:
    """Commands about budgets and costs."""

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    async def set_budget(self, argument: str) -> None:
        """Set the budget of the month or of sessions, or say how it stands."""
        if argument.lower() in {"", *_PLACES}:
            await self._show()
        else:
            await self._set(argument)

    async def show_cost(self, _: str) -> None:
        """Say what the session has cost."""
        parts = self._parts
        words = await cost_words(parts.services, parts.conversation.session.id)
        parts.notify(words)

    async def _set(self, argument: str) -> None:
        parts = self._parts
        *scope, amount = argument.lower().split()
        try:
            name = _PLACES[" ".join(scope) or "month"]
            value = None if amount in {"off", "none"} else read_dollars(amount)
        except (LookupError, ValueError):
            parts.prompt.refuse(_USAGE, "budget", argument)
            return
        try:
            parts.services.change_setting(f"budget.{name}", value)
        except StorageError as error:
            parts.show_error(error)
            parts.prompt.give_command_back("budget", argument)
            return
        parts.notify(_sentence(parts.services.settings.budget, name))
        await parts.figures.refresh()

    async def _show(self) -> None:
        parts, services = self._parts, self._parts.services
        session_id, now = parts.conversation.session.id, services.clock.now()
        stand = await statuses(services.ledger, services.settings.budget, now, session_id)
        if not stand:
            parts.notify(f"No budget is set. {_USAGE}")
            return
        spent = "; ".join(map(str, stand))
        asked = services.keys.server_of(services.profile)
        uncounted = exact_money(stand[0].uncounted)
        buffer = f" {_BUFFER.format(uncounted=uncounted)}" if asked.is_groq else ""
        parts.notify(f"Spent {spent}.{buffer}")


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
