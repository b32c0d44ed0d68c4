"""Commands about spending: the budget, what was used, what it would come to on each plan."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.ledger.sums import Grouping, Sums
from groqchat.domain.planning.projection import Outlook
from groqchat.domain.text.humanize import exact_money
from groqchat.services.quota.budget import day_end, standings

if TYPE_CHECKING:
    from groqchat.domain.settings import Budget
    from groqchat.ui.chat.screen import ChatScreen

MONTH_S = 30 * 86_400
_PLACES = {"month": "monthly_usd", "session": "session_usd"}
_NAMES = {"monthly_usd": "Monthly budget", "session_usd": "Session budget"}
_USAGE = "Write /budget 10 for a month, /budget session 1 for a session, /budget off for none."
_BUFFER = (
    "Groq counts spending 10–15 minutes late, this budget at once. Keep Groq's own limit above it: "
    "{uncounted} of the last 15 minutes may be missing there."
)


class SpendingActions:
    """Acts on what may be spent."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen

    async def do_budget(self, argument: str) -> None:
        """Set the budget of the month or of sessions, or say how it stands."""
        if argument.lower() in {"", *_PLACES}:
            await self._show()
        else:
            await self._set(argument)

    async def do_usage(self, _: str) -> None:
        """Look at what was used."""
        from groqchat.ui.spending.usage import UsageScreen

        screen = self._screen
        parts = screen.parts
        usage = UsageScreen(parts.ledger.by, parts.ledger.spent, self._title_of, parts.save_export)
        await screen.app.push_screen_wait(usage)

    async def _title_of(self, session_id: str) -> str:
        session = await self._screen.parts.store.session(session_id)
        return session.title if session else session_id

    async def do_plan(self, _: str) -> None:
        """Look at what one's own averages allow and cost."""
        from groqchat.ui.spending.planner import OutlookScreen

        screen = self._screen
        connection = await screen.prompting.account("the planner opens")
        if connection is None:
            return
        now = screen.parts.clock.now()
        span = {"since": now - MONTH_S, "until": day_end(now)}
        months = {
            share.key: share.sums
            for share in await screen.parts.ledger.by(Grouping.MODEL, **span)
            if share.provider is None
        }
        current = screen.conversation.options.model
        models = [current, *(model for model in months if model != current)]
        for model in models:
            await connection.quota.refresh(model)
        outlooks = [
            Outlook(
                screen.catalog.get(model),
                round(connection.quota.tokens_per_turn(model)),
                months.get(model, Sums()),
            )
            for model in models
        ]
        await screen.app.push_screen_wait(OutlookScreen(outlooks))

    async def _set(self, argument: str) -> None:
        screen = self._screen
        *scope, amount = argument.lower().split()
        try:
            name = _PLACES[" ".join(scope) or "month"]
            value = None if amount in {"off", "none"} else _dollars(amount)
        except (LookupError, ValueError):
            screen.prompting.refuse(_USAGE, "budget", argument)
            return
        try:
            screen.parts.change_setting(f"budget.{name}", value)
        except StorageError as error:
            screen.troubles.show(error)
            screen.prompting.give_command_back("budget", argument)
            return
        screen.toasts.notice(_told(screen.parts.settings.budget, name))
        await screen.figures.refresh()

    async def _show(self) -> None:
        screen, parts = self._screen, self._screen.parts
        session_id, now = screen.conversation.session.id, parts.clock.now()
        stand = await standings(parts.ledger, parts.settings.budget, now, session_id)
        if not stand:
            screen.toasts.notice(f"No budget is set. {_USAGE}")
            return
        spent = "; ".join(map(str, stand))
        asked = parts.keys.server_of(parts.profile)
        uncounted = exact_money(stand[0].uncounted)
        buffer = f" {_BUFFER.format(uncounted=uncounted)}" if asked.is_groq else ""
        screen.toasts.notice(f"Spent {spent}.{buffer}")


def _told(budget: Budget, name: str) -> str:
    """A budget that was changed, and the other one where that stays when this one goes."""
    limits = {"monthly_usd": budget.monthly_usd, "session_usd": budget.session_usd}
    limit = limits.pop(name)
    if limit is not None:
        return f"{_NAMES[name]}: {exact_money(limit)} (list price)."
    other, stays = limits.popitem()
    rest = (
        f" {_NAMES[other]}: still {exact_money(stays)} (list price)." if stays is not None else ""
    )
    return f"{_NAMES[name]} removed.{rest}"


def _dollars(text: str) -> Decimal:
    """An amount such as ``10``, ``$1.50``; ``ValueError`` for anything else."""
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        raise ValueError(text) from None
    if not amount.is_finite() or amount < 0:
        raise ValueError(text)
    return amount
