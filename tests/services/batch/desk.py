"""Batches at a simulator on a driven clock, with the real SDK and a real database."""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing, asynccontextmanager
from decimal import Decimal

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.tokens import TokenEstimator
from groqchat.provider.groq_provider import GroqProvider
from groqchat.services.batch.batch_files import Defaults, read_lines
from groqchat.services.batch.batches import Batches
from groqchat.services.batch.estimates import Estimator
from groqchat.services.quota.quota import Account
from groqchat.simulator.clock import DrivenClock
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_batch_limits, load_catalog
from groqchat.storage.database.batch.batches import BatchRecords
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.ids import new_id

SMALL, BIG = "openai/gpt-oss-20b", "openai/gpt-oss-120b"
CATALOG = load_catalog()
LIMITS = load_batch_limits()


class LeapingClock:
    """The services' clock: to sleep is to advance the simulator's."""

    def __init__(self, clock):
        self._clock = clock
        self.slept = []

    def now(self):
        return self._clock.now()

    monotonic = now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self._clock.advance(seconds)
        await asyncio.sleep(0)


class Killed(BaseException):
    """The process ends here."""


class Deadly:
    """Wraps the server or the store: the process dies before or after the n-th call.

    ``calls`` is None for an endless life.
    """

    def __init__(self, inner, life):
        self._inner = inner
        self._life = life

    def __getattr__(self, name):
        inner = getattr(self._inner, name)
        if not asyncio.iscoroutinefunction(inner):
            return inner

        async def call(*args, **more):
            self._life.spend()
            answer = await inner(*args, **more)
            self._life.spend()
            return answer

        return call


class Life:
    """How many calls are left; each is spent twice, before and after it is done."""

    def __init__(self, left=None):
        self.left = left

    def spend(self):
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class Desk:
    """A machine with a database, and the account that it asks."""

    def __init__(self, sim, clock, database, folder, limits=LIMITS):
        self.sim, self.driven, self.database, self.limits = sim, clock, database, limits
        self.clock = LeapingClock(clock)
        self.store = BatchRecords(database, folder)
        self.ledger = Ledger(database)
        self.provider = GroqProvider(
            Secret("gsk_test_good"), sim.url, clock_now=clock.now, gap_timeout=20
        )

    def batches(self, life=None):
        life = life or Life()
        return Batches(
            server=Deadly(self.provider.batches, life),
            store=Deadly(self.store, life),
            account=Account("default", "f1"),
            place=self.sim.url,
            limits=self.limits,
            estimator=Estimator(lambda _: TokenEstimator(), lambda _: 100, price_of),
            price_of=price_of,
            clock=self.clock,
            new_id=new_id,
        )

    def lines(self, number, model=SMALL):
        text = "\n".join(f"Question {n}?" for n in range(number))
        return read_lines(text, "txt", Defaults(model), CATALOG.get)

    async def submit(self, lines, window="24h", life=None, **more):
        """Submit, or go on with what was begun, as the command does; returns the submission."""
        batches = self.batches(life)
        submission, _ = batches.plan("a.txt", lines, window, **more)
        with batches.alone(submission):
            there = await batches.earlier(submission)
            async with aclosing(
                batches.submit(there or submission, None if there else lines)
            ) as steps:
                async for _ in steps:
                    pass
        return await self.store.find((there or submission).id)

    async def follow(self, submission, life=None):
        """Follow to the end; returns the submission then."""
        async with aclosing(self.batches(life).follow(submission)) as events:
            async for followed in events:
                submission = followed.submission
        return submission

    async def results(self, submission):
        return await self.store.results(submission.id, 0, submission.total)

    def sent(self):
        """How often each custom id was sent in a batch that the server has."""
        return [
            (batch.id, line)
            for batch, file in self.sim.batches
            for line in file.content.decode().splitlines()
        ]


def price_of(model):
    return CATALOG.get(model).price


@asynccontextmanager
async def desk(folder, *, limits=LIMITS, plan=Plan.DEVELOPER):
    """A desk in a folder."""
    clock = DrivenClock()
    folder.mkdir(parents=True, exist_ok=True)
    database = Database(folder / "groqchat.db", [].append)
    async with Simulator(CATALOG, Options(plan, rate=None), clock=clock) as sim:
        made = Desk(sim, clock, database, folder, limits)
        yield made
        await made.provider.close()
        await database.close()


async def campaign(folder, *, number, limits, deaths, seed, failed=5, expired=2):
    """Submit, die again and again, go on, and send again what failed.

    Yields:
        The desk, the first submission, the second one, and how often the process died.
    """
    chance = random.Random(seed)
    async with desk(folder, limits=limits) as made:
        lines = made.lines(number)
        made.sim.arm(f"batch_failed={failed}@batches")
        made.sim.arm(f"batch_expired={expired}@batches")
        died = 0

        async def until_done(act):
            nonlocal died
            while True:
                life = Life(chance.randint(1, 14) if died < deaths else None)
                try:
                    return await act(life)
                except (Killed, GroqchatError):
                    died += 1

        async def through(life):
            submission = await made.submit(lines, life=life)
            return await made.follow(submission, life)

        first = await until_done(through)
        made.sim.disarm()
        again = await made.store.to_resubmit(first.id)
        longer = limits.longer_window(first.window)

        async def once_more(life):
            submission = await made.submit(again, longer, life=life, resubmits=first)
            return await made.follow(submission, life)

        second = await until_done(once_more)
        yield made, lines, first, second, died


def half(usages, model):
    """The price of some usages at half the list price, added up by hand."""
    price = price_of(model)
    return sum(
        (u.prompt_tokens * price.input + u.completion_tokens * price.output) / Decimal(2_000_000)
        for u in usages
    )
