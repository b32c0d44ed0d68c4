"""The desk of a worker whose server, or whose own machine, is away for a while."""

import asyncio
from decimal import Decimal

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.prompt_sets.columns import SetColumn
from groqchat.domain.team.set_runs import (
    BEAT_S,
    FRESH_S,
    Exchanged,
    SetPlan,
    Settled,
    SharedRun,
    Standing,
)
from groqchat.services.prompt_sets.shared.desk import LONGEST_AWAY_S, ClaimLostError, Desk

PLAN = SetPlan("https://api.example", "set", ("k1", "k2", "k3"), (SetColumn("a"),))
RUN = SharedRun("run-1", 3)


class Store:
    """Holds the tasks of a run in memory; it may be away, or take the worker for ended."""

    def __init__(self):
        self.error = None
        self.is_lost = False
        self.mine = set()
        self.settled = []
        self.enrolled = 0

    async def enrol(self, run, now):
        self.enrolled += 1

    async def leave(self, run, now):
        self.mine = set()

    async def exchange(self, run, told, now):
        if self.error:
            raise self.error
        if self.is_lost:
            self.is_lost, self.mine = False, set()
            return Exchanged(None)
        self.settled += told.settled
        done = {each.number for each in self.settled}
        self.mine -= done | set(told.released)
        for claims in told.claims.values():
            free = [n for n in claims.tasks if n not in self.mine | done]
            self.mine |= set(free[: claims.most])
        left = 3 - len(self.mine | done)
        return Exchanged(frozenset(self.mine), standings=(Standing(left, 0, len(done)),))


@pytest.fixture
async def clock():
    return asyncio.get_running_loop().clock


@pytest.fixture
def store():
    return Store()


@pytest.fixture
async def desk(store, clock):
    desk = Desk(store, RUN, PLAN, clock, limit=None, cost_of=lambda _: Decimal(0))
    await desk.open()
    yield desk
    await desk.leave()


def away():
    return failure("team_unreachable", detail="it is away")


async def test_each_who_waits_gets_a_task_and_the_last_is_told_that_none_is_left(desk):
    assert sorted(await asyncio.gather(*(desk.claim("a") for _ in range(3)))) == [0, 1, 2]
    for number in range(3):
        await desk.confirm(number)
        desk.settle(Settled(number, (), is_final=True))
    assert await desk.claim("a") is None
    assert desk.is_over("a")


async def test_nothing_is_asked_that_was_given_to_somebody_else(desk, store, clock):
    number = await desk.claim("a")
    store.is_lost = True
    await clock.sleep(2 * BEAT_S)
    with pytest.raises(ClaimLostError):
        await desk.confirm(number)
    assert store.enrolled == 2
    assert await desk.claim("a") is not None


async def test_a_worker_that_is_not_heard_sends_nothing_until_it_is(desk, store, clock):
    number = await desk.claim("a")
    store.error = away()
    await clock.sleep(FRESH_S + BEAT_S)
    asking = asyncio.create_task(desk.confirm(number))
    desk.settle(Settled(7, (), is_final=True))
    await clock.sleep(BEAT_S)
    assert not asking.done()
    assert desk.away_because.cause.name == "team_unreachable"
    store.error = None
    await asking
    assert [each.number for each in store.settled] == [7]
    assert desk.away_because is None


async def test_a_server_that_stays_away_ends_the_wait(desk, store, clock):
    store.error = away()
    began = clock.monotonic()
    with pytest.raises(GroqchatError, match="cannot be reached"):
        await desk.claim("a")
    assert LONGEST_AWAY_S <= clock.monotonic() - began <= LONGEST_AWAY_S + 60
    assert desk.is_over("a")
    desk.settle(Settled(7, (), is_final=True))
    assert await desk.leave() == 1


async def test_what_does_not_pass_is_told_at_once(desk, store, clock):
    store.error = failure("set_deleted")
    began = clock.monotonic()
    with pytest.raises(GroqchatError, match="was deleted"):
        await desk.claim("a")
    assert clock.monotonic() - began < BEAT_S
