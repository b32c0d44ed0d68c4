"""An open chat shows what other processes have used meanwhile."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from types import SimpleNamespace

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.errors.table import failure
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.usage import Usage
from groqchat.ui.workspace.ledger_watch import LedgerWatch
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.stage import seen, until


async def record_elsewhere(services):
    """Record the only request there is once more, in no session, by other services."""
    with closing(sqlite3.connect(services.database_path)) as db:
        ((fingerprint, model),) = db.execute("SELECT fingerprint, model FROM ledger")
    async with open_services(Launch()) as other:
        usage, cost = Usage(1_000, 0, 500), Decimal("0.01")
        now = services.clock.now()
        entry = LedgerEntry(now, "other", fingerprint, model, "ok", usage=usage, cost=cost)
        await other.ledger.record(entry)


async def test_what_another_process_used_is_shown_without_a_prompt(groq, monkeypatch):
    monkeypatch.setattr("groqchat.ui.workspace.ledger_watch.LOOKS_S", 0.05)
    async with chatting(size=(150, 40)) as (pilot, screen):
        figures = screen.workspace.figures
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: figures.costs.session.requests == 1)
        before = figures.costs
        left = figures.view.level(LimitKind.TPD).remaining
        await record_elsewhere(screen.workspace.services)
        await until(pilot, lambda: figures.costs.today.requests > before.today.requests)
        assert figures.costs.month.cost > before.month.cost
        assert figures.costs.session == before.session
        await until(pilot, lambda: figures.view.level(LimitKind.TPD).remaining < left)


def write_elsewhere(services, **columns):
    """Change the answers that are stored, as another process does while it writes one."""
    settings = ", ".join(f"{name} = :{name}" for name in columns)
    with closing(sqlite3.connect(services.database_path)) as db, db:
        db.execute(f"UPDATE messages SET {settings} WHERE role = 'assistant'", columns)


async def test_an_answer_that_another_process_writes_grows_here_until_it_has_ended(
    groq, monkeypatch
):
    monkeypatch.setattr("groqchat.ui.workspace.ledger_watch.LOOKS_S", 0.05)
    async with chatting() as (pilot, screen):
        services = screen.workspace.services
        await ask(pilot, screen, PROMPT)
        write_elsewhere(services, state="streaming", content="The first half")
        saved = await services.store.session(screen.conversation.session.id)
        await screen.conversation.open(saved)
        await until(pilot, lambda: "● answering" in seen(screen))
        write_elsewhere(services, content="The first half, and more")
        await until(pilot, lambda: "The first half, and more" in seen(screen))
        write_elsewhere(services, state="complete", content="All of it")
        await until(pilot, lambda: "All of it" in seen(screen))
        assert "● answering" not in seen(screen)
        assert "tok/s" in seen(screen)


class Written:
    """A ledger that others write, or that cannot be read."""

    def __init__(self):
        self.number = 1

    async def version(self):
        if self.number is None:
            raise failure("database")
        return self.number


async def test_it_reads_only_what_is_new_and_only_while_nothing_runs():
    ledger, shown, looks = Written(), [], []
    conversation = SimpleNamespace(
        turns=SimpleNamespace(running=()), set_interval=lambda _, look: looks.append(look)
    )
    is_on_top = True

    async def refresh():
        shown.append(ledger.number)

    watch = LedgerWatch(ledger, conversation, refresh=refresh, is_on_top=lambda: is_on_top)
    await watch.begin()
    (look,) = looks
    await look()
    assert shown == []
    ledger.number, conversation.turns.running = 2, ("a turn",)
    await look()
    conversation.turns.running, is_on_top = (), False
    await look()
    assert shown == []
    is_on_top = True
    await look()
    await look()
    ledger.number = None  # the disk is away: told where something is read
    await look()
    assert shown == [2]
