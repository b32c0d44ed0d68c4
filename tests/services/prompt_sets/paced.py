"""Sets in virtual time, measured against the least time that the limits allow."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass
from http import HTTPStatus

from groqchat.domain.limits.quota import LimitKind, Source
from groqchat.domain.models.catalog import Plan
from groqchat.services.compare.column import Failed
from groqchat.services.prompt_sets.prompt_files import read_prompts
from groqchat.simulator.limits import OverLimitError, amounts_reserved
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.services.prompt_sets.test_prompt_sets import BIG, asked
from tests.virtual_time import START, VirtualTimeLoop, watch_threads

MINUTE = (LimitKind.RPM, LimitKind.TPM, LimitKind.OTPM, LimitKind.ITPM)


@dataclass(frozen=True)
class Pace:
    """How a run went.

    ``took`` and ``least`` are seconds: what it took, and the least that the limits allow.
    ``booked`` counts the requests by their status, ``refused`` the refusals by their limit.
    """

    took: float
    least: float
    booked: Counter
    refused: Counter

    @property
    def ratio(self):
        return self.took / self.least


def numbered(count, *, words=0, answer=12, failing=0):
    """Prompts whose answers end with their number; every so many-th is answered with 503 first."""
    rows = []
    for n in range(count):
        fault = " simulate: over_capacity*1" if failing and n % failing == failing - 1 else ""
        text = f"{'word ' * words}write {answer} tokens, end with P{n:04}{fault}"
        rows.append(f'{{"prompt": "{text}"}}')
    return read_prompts("\n".join(rows))


async def paced(
    monkeypatch, home, count, *, plan=Plan.FREE, model=BIG, share=0.0, answer_s=1.0, **prompts
):
    """Run a set of so many prompts; with a ``share``, beside another client that takes it."""
    watch_threads(monkeypatch)
    clock = asyncio.get_running_loop().clock
    async with (
        server(clock, monkeypatch, plan, answer_s=answer_s) as groq,
        AsyncExitStack() as also,
    ):
        if share:
            await also.enter_async_context(second_client(groq, clock, model, share))
        heard, report = await asked(clock, numbered(count, **prompts), models=(model,))
        assert heard.ended == {model: None}
        assert not report.missing
        assert not heard.of(Failed)
        return pace_of(groq, home, clock, model, left=1 - share)


@asynccontextmanager
async def server(clock, monkeypatch, plan, *, answer_s=1.0, **behaviour):
    """A server whose answers begin after a second and come at once then."""
    options = Options(plan=plan, rate=None, first_token_s=answer_s, **behaviour)
    async with Simulator(load_catalog(), options, clock=clock) as simulator:
        monkeypatch.setenv("GROQ_BASE_URL", simulator.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_0123456789abcdefghij")
        yield simulator


@asynccontextmanager
async def second_client(groq, clock, model, share):
    """Another client, which steadily takes a share of the limits of the minute."""
    limits = {bucket.kind: bucket.limit for bucket in groq._state.limits.buckets(model)}
    each = limits[LimitKind.TPM] // limits[LimitKind.RPM]
    gap_s = 60 / limits[LimitKind.RPM] / share

    async def ask():
        while True:
            with suppress(OverLimitError):
                groq._state.limits.admit(model, amounts_reserved(each, 0), clock.now())
            await clock.sleep(gap_s)

    asking = asyncio.create_task(ask())
    try:
        yield
    finally:
        asking.cancel()


def least_s(groq, model, used, *, left=1.0):
    """The least seconds for what was used of each limit of the minute, from full buckets on.

    Args:
        groq: The server.
        model: The model.
        used: The amount that was used, by kind of limit.
        left: The part of the limits that others leave.
    """
    waits = [0.0]
    for bucket in groq._state.limits.buckets(model):
        if bucket.kind in MINUTE:
            refill = left * bucket.limit / bucket.kind.window_s
            waits.append((used[bucket.kind] - bucket.limit) / refill)
    return max(waits)


def pace_of(groq, home, clock, model, *, left=1.0):
    """How a run that began with the clock went, by the books."""
    (path,) = home.rglob("groqchat.db")
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT status, prompt_tokens, cached_tokens, completion_tokens, gauges FROM ledger "
            "WHERE model = ?",
            (model,),
        ).fetchall()
    answered = [row for row in rows if row[0] == 200]
    tokens_in = sum(row[1] - row[2] for row in answered)
    tokens_out = sum(row[3] for row in answered)
    used = {
        LimitKind.RPM: len(answered),
        LimitKind.TPM: tokens_in + tokens_out,
        LimitKind.ITPM: tokens_in,
        LimitKind.OTPM: tokens_out,
    }
    least = least_s(groq, model, used, left=left)
    refused = Counter(
        kind
        for row in rows
        if row[0] == HTTPStatus.TOO_MANY_REQUESTS
        for kind, *_, source in json.loads(row[4])
        if source == Source.ERROR
    )
    return Pace(clock.now() - START, least, Counter(row[0] for row in rows), refused)


def in_virtual_time(coroutine):
    """Run a coroutine on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(coroutine)
