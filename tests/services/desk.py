"""One account's services put together from fakes."""

from dataclasses import dataclass, field

from groqchat.domain.models.catalog import Model, Plan
from groqchat.domain.money.pricing import Price
from groqchat.domain.settings import Budget
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.fallback import Fallback
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.services.quota.budget import BudgetGuard
from groqchat.services.quota.header_reconciliation import HeaderReconciliation
from groqchat.services.quota.quota import Account, QuotaService
from groqchat.services.scheduling.scheduler import Scheduler
from groqchat.services.turns.accounting import Accounting
from groqchat.services.turns.attempts import Recovery
from groqchat.services.turns.chat import Turns
from groqchat.services.turns.vendor import Vendor
from groqchat.storage.catalog import load_catalog
from tests.fakes import (
    FakeClock,
    FakeProvider,
    MemoryHeaderTimings,
    MemoryLedger,
    MemoryStore,
    counter,
    session,
)

MODEL = "openai/gpt-oss-120b"
ACCOUNT = Account("default", "f1")
CATALOG = load_catalog()


@dataclass
class Desk:
    """Everything around one :class:`Turns`."""

    provider: FakeProvider
    clock: FakeClock = field(default_factory=FakeClock)
    store: MemoryStore = field(default_factory=MemoryStore)
    price: Price | None = None
    plan: Plan | None = None
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    budget: Budget = field(default_factory=Budget)

    def __post_init__(self):
        self.ledger = MemoryLedger(self.store)
        self.header_timings = MemoryHeaderTimings()
        self.restart()

    def restart(self):
        """New services over the same store: what a new process would see."""
        reconciliation = HeaderReconciliation(self.header_timings, "http://server")
        self.quota = QuotaService(
            ACCOUNT, self.ledger, CATALOG, self.clock, self.plan, reconciliation=reconciliation
        )
        self.accounting = Accounting(
            self.store,
            self.ledger,
            self.quota,
            ACCOUNT,
            lambda model: self.price or CATALOG.get(model).price,
            clock=self.clock,
            template_of=lambda model: CATALOG.get(model).template,
        )
        self.turns = self.new_turns()

    def new_turns(self, *, fallback=None, model_of=Model, endpoints=None):
        """Turns over the same store, with ids that were not given out yet."""
        own = {"clock": self.clock, "new_id": counter(f"m{len(self.store.saved_messages)}-")}
        vendor = Vendor(self.provider, self.accounting, self.quota, model_of=model_of, **own)
        recovery = Recovery(self.policy, lambda: 0.5, fallback or Fallback(), endpoints)
        budget = BudgetGuard(self.ledger, lambda: self.budget, self.clock)
        scheduler = Scheduler(self.clock)
        return Turns(vendor, self.store, recovery, scheduler.lane, budget=budget, **own)

    def ask(self, prompt="Why?", options=None, **more):
        return self.turns.ask(session(), prompt, options or Options(MODEL), **more)

    async def events(self, *args, **more):
        """All events of one turn that ends well."""
        return [event async for event in self.ask(*args, **more)]

    @property
    def answers(self):
        return [m for m in self.store.saved_messages.values() if m.role == "assistant"]
