"""The clients of an organisation, each with all services of groqchat and a connection of its own.

All live in one process and in virtual time; the pretend Groq and PostgreSQL are real servers. Only
the disk is left out: the ledger of each client is in memory.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile

from groqchat.bootstrap import Launch, LocalServices
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.turns.chat import Answered, Options, Sending, Session
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.services.scheduling.scheduler import JobQueue
from groqchat.simulator.limits import OverLimitError
from groqchat.simulator.options import Options as Behaviour
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.virtual_time import watch_threads

MODEL = "openai/gpt-oss-120b"
MINUTE = (LimitKind.RPM, LimitKind.TPM)


@dataclass
class Client:
    """A client and what it got: times in seconds since the beginning.

    ``waits`` are the times of asking and the seconds until the request left; ``answers`` the times
    of answers and their tokens; ``failures`` the causes of errors.
    """

    services: LocalServices
    connection: object
    clock: object
    until: float
    waits: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    failures: Counter = field(default_factory=Counter)
    asking: dict = field(default_factory=dict)

    @property
    def tokens(self):
        return sum(tokens for _, tokens in self.answers)

    @property
    def is_over(self):
        return self.clock.monotonic() >= self.until

    @property
    def longest_wait_s(self):
        """The longest wait, also of what still waits at the end."""
        waiting = [
            min(self.until, self.clock.monotonic()) - asked for asked in self.asking.values()
        ]
        return max([*(waited for _, waited in self.waits), *waiting], default=0.0)

    async def ask(self, tokens, slot=None):
        """Ask for an answer of so many tokens; an error is counted."""
        async with aclosing(self.events(tokens, slot)) as events:
            async for _ in events:
                pass

    async def events(self, tokens, slot=None):
        clock, identifier = self.clock, self.services.new_id()
        session = Session(identifier, "S", clock.now(), clock.now())
        self.asking[identifier] = asked = clock.monotonic()
        text = f"write {tokens} tokens, end with Omega"
        turn = self.connection.turns.plain.ask(session, text, Options(MODEL), slot=slot)
        try:
            async with aclosing(turn) as events:
                async for event in events:
                    if isinstance(event, Sending) and identifier in self.asking:
                        self.waits.append((asked, clock.monotonic() - asked))
                        del self.asking[identifier]
                    elif isinstance(event, Answered):
                        usage = event.message.usage
                        used = usage.prompt_tokens + usage.completion_tokens
                        self.answers.append((clock.monotonic(), used))
                    yield event
        except GroqchatError as error:
            self.failures[error.cause.name] += 1
            self.asking.pop(identifier, None)

    async def work(self, lengths):
        """Ask for answers of these lengths, as many at once as the lane allows, till the end."""
        lane = self.connection.lane_of(None, MODEL)
        while_open = takewhile(lambda _: not self.is_over, lengths)
        jobs = (partial(self.events, length) for length in while_open)
        queue = JobQueue(lane, (_with_slot(job) for job in jobs))
        async with aclosing(queue.events()) as events:
            async for _ in events:
                pass


def _with_slot(job):
    return lambda slot: job(slot=slot)


@dataclass
class Crowd:
    """All clients, and the organisation's server."""

    groq: Simulator
    clients: list
    used: Counter = field(default_factory=Counter)
    admitted: int = 0
    refused: Counter = field(default_factory=Counter)

    def __post_init__(self):
        limits = self.groq._state.limits
        admit, charge = limits.admit, limits._charge

        def admitting(*arguments):
            try:
                admitted = admit(*arguments)
            except OverLimitError as error:
                self.refused[error.kind] += 1
                raise
            self.admitted += 1
            return admitted

        def charging(model, amounts, now):
            self.used.update(amounts)
            charge(model, amounts, now)

        limits.admit, limits._charge = admitting, charging

    def share_used(self, seconds):
        """The part of the minute's limits that was used: the kind that binds, and how much."""
        shares = {
            bucket.kind: self.used[bucket.kind] / (bucket.limit * (1 + seconds / 60))
            for bucket in self.groq._state.limits.buckets(MODEL)
            if bucket.kind in MINUTE
        }
        return max(shares.items(), key=lambda each: each[1])


@asynccontextmanager
async def crowd(patch, folder, urls, plan, seconds):
    """Clients at these addresses of the team's database, for so many seconds."""
    watch_threads(patch)
    loop = asyncio.get_running_loop()
    patch.setattr("groqchat.bootstrap.SystemKeyring", MemoryKeyStore)
    patch.setenv("GROQ_API_KEY", "gsk_test_0123456789abcdefghij")
    behaviour = Behaviour(plan, rate=None, first_token_s=1.0, blocked_model="")
    async with AsyncExitStack() as stack:
        groq = await stack.enter_async_context(
            Simulator(load_catalog(), behaviour, clock=loop.clock)
        )
        patch.setenv("GROQ_BASE_URL", groq.url)
        clients = []
        for number, url in enumerate(urls):
            home = folder / f"home{number}"
            home.mkdir(parents=True)
            settings = f'plan = "{plan.value}"\n[team]\nurl = "{url}"\nmachine = "m{number}"\n'
            (home / "config.toml").write_text(settings)
            patch.setenv("GROQCHAT_HOME", str(home))
            services = LocalServices(Launch(incognito=True))
            services._use_database(None)
            services.clock = loop.clock
            stack.push_async_callback(services.close)
            connection = services.connect(await services.find_key())
            stack.push_async_callback(connection.close)
            clients.append(Client(services, connection, loop.clock, seconds))
        yield Crowd(groq, clients)
