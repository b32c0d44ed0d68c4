"""Sets in virtual time, measured against the least time that the limits allow."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass

from groqchat.domain.limits.quota import LimitKind
from groqchat.services.prompt_sets.prompt_files import read_prompts
from groqchat.simulator.limits import OverLimitError, amounts_reserved
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.virtual_time import START

MINUTE = (LimitKind.RPM, LimitKind.TPM, LimitKind.OTPM, LimitKind.ITPM)


@dataclass(frozen=True)
class Pace:
    """How a run went.

    ``took`` and ``least`` are seconds: what it took, and the least that the limits allow.
    ``booked`` counts the requests by their status.
    """

    took: float
    least: float
    booked: Counter

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
    return read_prompts("\n".join(rows), is_csv=False)


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
            "SELECT status, prompt_tokens, cached_tokens, completion_tokens FROM ledger "
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
    return Pace(clock.now() - START, least, Counter(row[0] for row in rows))
