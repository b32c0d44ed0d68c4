"""One account, ready to answer: its limits, books, models and turns put together."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.catalog import Plan
from groqchat.domain.retry import RetryPolicy
from groqchat.services.books import Books
from groqchat.services.budget import BudgetGuard
from groqchat.services.chat import Turns
from groqchat.services.keys import fingerprint
from groqchat.services.models import Models
from groqchat.services.ports import ChatProvider
from groqchat.services.quota import Account, QuotaService
from groqchat.services.settling import Settling

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.catalog import Catalog
    from groqchat.domain.settings import Settings
    from groqchat.services.abroad import Abroad
    from groqchat.services.keys import FoundKey
    from groqchat.services.models import ModelLists
    from groqchat.services.ports import Clock, HabitStore, Ledger, SessionStore

# Hanging up takes no longer than this, in seconds.
LONGEST_CLOSE_S = 3.0


class WarmProvider(ChatProvider, Protocol):
    """Whoever answers, and can be made ready for it."""

    def warm_up(self) -> None:
        """Load what the first request needs; for a thread."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One account, ready to answer."""

    key: FoundKey
    account: Account
    base_url: str
    provider: WarmProvider
    quota: QuotaService
    books: Books
    turns: Turns
    models: Models
    budget: BudgetGuard
    abroad: Abroad

    async def close(self) -> None:
        """Give up the network connections; never takes long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_CLOSE_S):
                await self.provider.close()
                await self.abroad.close()


def connected(
    key: FoundKey,
    provider: WarmProvider,
    abroad: Abroad,
    *,
    base_url: str,
    settings_now: Callable[[], Settings],
    settings_to_send_by: Callable[[], Settings],
    catalog: Catalog,
    store: SessionStore,
    ledger: Ledger,
    lists: ModelLists,
    habits: HabitStore,
    clock: Clock,
    new_id: Callable[[], str],
    chance: Callable[[], float],
    longest_wait_s: float | None = None,
) -> Connection:
    """Everything that is needed to ask with a key; nothing is sent yet.

    Args:
        key: Whose account.
        provider: Who answers.
        abroad: Who may stand in.
        base_url: Where the provider asks.
        settings_now: The settings as they are at the moment; the budget may change meanwhile.
        settings_to_send_by: The same before something is sent; raises where they cannot be read.
        catalog: The models, with the user's own prices.
        store: Where conversations live.
        ledger: Where requests are recorded.
        lists: Where the account's own list of models is kept.
        habits: What was learnt of endpoints.
        clock: Time.
        new_id: Makes ids for messages.
        chance: A random number from 0 to 1.
        longest_wait_s: The longest wait that is slept through, instead of the setting's.
    """
    settings = settings_now()
    wait = settings.longest_wait_s if longest_wait_s is None else longest_wait_s
    sharing = tuple(name for name in settings.organization_of(key.profile) if name != key.profile)
    account = Account(key.profile, fingerprint(key.secret), sharing)
    plan = Plan(settings.plan) if settings.plan else None
    settling = Settling(habits, base_url)
    quota = QuotaService(account, ledger, catalog, clock, plan, settling=settling)
    models = Models(provider, lists, catalog, account.fingerprint, clock)
    books = Books(
        store,
        ledger,
        quota,
        account,
        models.price_of,
        clock=clock,
        template_of=lambda model: models.model(model).template,
    )
    budget = BudgetGuard(ledger, lambda: settings_to_send_by().budget, clock)
    turns = Turns(
        provider,
        store,
        books,
        quota,
        policy=RetryPolicy(settings.attempts, wait, max(wait, settings.longest_total_wait_s)),
        clock=clock,
        new_id=new_id,
        chance=chance,
        fallback=settings.fallback_route,
        model_of=models.model,
        budget=budget,
        abroad=abroad,
    )
    return Connection(key, account, base_url, provider, quota, books, turns, models, budget, abroad)
