"""Patterns of load on an organisation, each a task for every client."""

from __future__ import annotations

import asyncio
import itertools
import random

# The tokens of answers: the shortest and the longest.
_ANSWER = 20, 400
_THINKS_S = 20.0, 100.0
_BURST, _BURST_EVERY_S = 3, 60.0
_RARELY_S = 45.0


def alike(crowd):
    """All work on sets without an end."""
    return [each.work(_lengths(number)) for number, each in enumerate(crowd.clients)]


def greedy(crowd):
    """One works on a set without an end; the others prompt now and then."""
    first, *small = crowd.clients
    return [first.work(_lengths(0)), *(_prompts(each, n) for n, each in enumerate(small, 1))]


def bursts(crowd):
    """All prompt three times at once, at the same moments."""
    return [_bursts(each, number) for number, each in enumerate(crowd.clients)]


def rare(crowd):
    """All but the last one work on sets without an end; the last one prompts rarely."""
    *many, last = crowd.clients
    return [*(each.work(_lengths(n)) for n, each in enumerate(many)), _rarely(last)]


def away(crowd):
    """All work on sets, while the team's server is away for a third of the time."""
    return alike(crowd)


LOADS = {each.__name__: each for each in (alike, greedy, bursts, rare, away)}
# The members of each load who always want more, and those who want little.
HUNGRY = {
    "alike": lambda clients: clients,
    "away": lambda clients: clients,
    "greedy": lambda clients: clients[:1],
    "bursts": lambda clients: clients,
    "rare": lambda clients: clients[:-1],
}
SMALL = {
    "alike": lambda _: [],
    "away": lambda _: [],
    "greedy": lambda clients: clients[1:],
    "bursts": lambda clients: clients,
    "rare": lambda clients: clients[-1:],
}


def _lengths(seed):
    chance = random.Random(seed)
    return (chance.randint(*_ANSWER) for _ in itertools.count())


async def _prompts(client, seed):
    chance = random.Random(seed)
    while not client.is_over:
        await client.clock.sleep(chance.uniform(*_THINKS_S))
        await client.ask(chance.randint(*_ANSWER))


async def _bursts(client, seed):
    lengths = _lengths(seed)
    while not client.is_over:
        begun = client.clock.monotonic()
        await asyncio.gather(*(client.ask(next(lengths)) for _ in range(_BURST)))
        await client.clock.sleep(max(1.0, begun + _BURST_EVERY_S - client.clock.monotonic()))


async def _rarely(client):
    """Prompts once all others have had something, and then from time to time."""
    await client.clock.sleep(client.until / 2)
    while not client.is_over:
        await client.ask(100)
        await client.clock.sleep(_RARELY_S)
