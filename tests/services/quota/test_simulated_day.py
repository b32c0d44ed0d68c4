"""A day with the simulator's limits on a driven clock: what is shown is what is true."""

import random
from contextlib import aclosing

import pytest

from groqchat.domain.errors.tree import RateLimitedError
from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.turns.chat import Answered, Options, Waiting
from groqchat.domain.turns.retry import NO_RETRY, RetryPolicy
from groqchat.simulator.limits import Limits, OverLimitError, amounts_reserved
from tests.fakes import FakeClock
from tests.services.desk import CATALOG, MODEL, Desk
from tests.services.pretend import Client, Organization

PATIENT = RetryPolicy(longest_wait_s=86_400, longest_total_wait_s=86_400)


def lengths(seed, *choices):
    chance = random.Random(seed)
    while True:
        yield chance.choice(choices)


def shown(desk):
    view = desk.quota.view(MODEL)
    return {level.kind: level.remaining for level in view.levels}


async def ask(desk, tokens, **more):
    """One turn; returns its answer and how often it waited."""
    waits = 0
    async with aclosing(desk.ask("word " * tokens, **more)) as events:
        async for event in events:
            waits += isinstance(event, Waiting)
    assert isinstance(event, Answered)
    return event.message, waits


async def test_hours_of_requests_alone_are_shown_exactly():
    await assert_requests_alone_are_shown_exactly(200)


async def assert_requests_alone_are_shown_exactly(turns):
    """So many turns with pauses between them; 1,050 take most of a day."""
    clock = FakeClock()
    organization = Organization(clock)
    client = Client(organization, lengths(1, 5, 40, 120), cached=lambda tokens: tokens // 3)
    desk = Desk(client, clock=clock, policy=PATIENT)
    chance = random.Random(2)
    for _ in range(turns):
        await ask(desk, chance.choice([5, 60, 120]))
        clock.advance(chance.choice([0.1, 1, 5, 30, 300]))
        assert shown(desk) == organization.left
    assert organization.refused == []
    desk.restart()
    await desk.quota.refresh(MODEL)
    assert shown(desk) == organization.left


async def test_every_bucket_is_exact_where_it_binds():
    """Requests by the minute, tokens by the minute, then tokens and requests by the day."""
    for prompt, length, pause, turns in ((5, 5, 0, 60), (900, 900, 0, 30), (2000, 2000, 20, 90)):
        clock = FakeClock()
        organization = Organization(clock)
        desk = Desk(Client(organization, lengths(1, length)), clock=clock, policy=PATIENT)
        waits = 0
        for _ in range(turns):
            waits += (await ask(desk, prompt))[1]
            clock.advance(pause)
            assert shown(desk) == organization.left
        assert waits
        assert organization.refused == []


@pytest.mark.parametrize("timing", HeaderTiming)
async def test_headers_put_right_what_another_client_used(timing):
    """A fresh home takes nothing of theirs for its own, and soon knows what headers count."""
    clock = FakeClock()
    organization = Organization(clock)
    ours = Desk(Client(organization, lengths(1, 50, 90), timing=timing), clock=clock)
    theirs = Desk(Client(organization, lengths(2, 400), timing=timing), clock=clock)
    gaps = []
    for _ in range(12):
        await ask(theirs, 300)
        await ask(ours, 40)
        assert shown(ours)[LimitKind.RPD] == organization.left[LimitKind.RPD]
        gaps.append(organization.left[LimitKind.TPM] - shown(ours)[LimitKind.TPM])
        clock.advance(30)
    # That a server counts nothing of a request is believed only once it has shown it.
    assert min(gaps) >= (-112 if timing is HeaderTiming.NOTHING else 0)
    assert gaps[-1] == 0
    ours.restart()
    await ask(theirs, 300)
    await ask(ours, 40)
    assert shown(ours)[LimitKind.TPM] == organization.left[LimitKind.TPM]


async def test_a_second_reading_decides_in_another_process_too():
    clock = FakeClock()
    organization = Organization(clock)
    ours = Desk(Client(organization, lengths(1, 50)), clock=clock)
    organization.limits.spend(MODEL, LimitKind.TPM, 1_000, clock.now())
    await ask(ours, 40)
    assert shown(ours)[LimitKind.TPM] < organization.left[LimitKind.TPM]
    ours.restart()
    await ask(ours, 40)
    assert set(ours.header_timings.known.values()) == {HeaderTiming.RESERVED}
    assert shown(ours)[LimitKind.TPM] == organization.left[LimitKind.TPM]


async def test_what_is_known_of_headers_outlives_what_others_use_by_chance():
    """Others use as much as our answer takes: as if its headers were written after it."""
    clock = FakeClock()
    organization = Organization(clock)
    ours = Desk(Client(organization, lengths(1, 200), timing=HeaderTiming.PROMPT), clock=clock)
    theirs = Desk(Client(organization, lengths(2, 90), timing=HeaderTiming.PROMPT), clock=clock)
    await ask(ours, 300)
    await ask(theirs, 20)
    await ask(ours, 40, options=Options(MODEL, max_tokens=300))
    assert shown(ours)[LimitKind.TPM] == organization.left[LimitKind.TPM]


async def test_a_refusal_puts_right_what_no_header_tells():
    clock = FakeClock()
    organization = Organization(clock)
    ours = Desk(Client(organization, lengths(1, 50)), clock=clock, policy=NO_RETRY)
    await ask(ours, 40)
    organization.limits.spend(MODEL, LimitKind.TPD, 199_990, clock.now())
    with pytest.raises(RateLimitedError, match="TPD"):
        await ask(ours, 400)
    assert shown(ours)[LimitKind.TPD] == organization.left[LimitKind.TPD]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_waiting_meets_no_refusal_and_wastes_little(seed):
    clock = FakeClock()
    organization = Organization(clock)
    chance = random.Random(seed)
    sizes = [
        (chance.choice([20, 200, 1000, 3000]), chance.choice([50, 300, 1000, 2000]))
        for _ in range(60)
    ]
    client = Client(organization, [length for _, length in sizes])
    desk = Desk(client, clock=clock, policy=PATIENT)
    begun = clock.now()
    used = [(await ask(desk, prompt))[0].usage for prompt, _ in sizes]
    assert organization.refused == []
    best = best_time(used, client)
    assert best <= clock.now() - begun < 1.05 * best


def best_time(usages, client):
    """The time that somebody takes who knows every answer's length beforehand."""
    clock = FakeClock()
    limits = Limits({MODEL: CATALOG.get(MODEL).limits["free"]})
    begun = clock.now()
    for usage in usages:
        clock.advance(client.latency)
        amounts = amounts_reserved(usage.prompt_tokens, usage.completion_tokens)
        try:
            limits.admit(MODEL, amounts, clock.now())
        except OverLimitError as refusal:
            clock.advance(refusal.wait_s)
            limits.admit(MODEL, amounts, clock.now())
        clock.advance(usage.completion_tokens / client.rate)
    return clock.now() - begun


async def test_without_waiting_every_refusal_is_explained():
    clock = FakeClock()
    organization = Organization(clock)
    desk = Desk(Client(organization, lengths(1, 900)), clock=clock, policy=NO_RETRY)
    errors = []
    for _ in range(30):
        try:
            await ask(desk, 900, is_checked=False)
        except RateLimitedError as error:
            errors.append(error)
            clock.advance(1)
    assert len(errors) == len(organization.refused) > 10
    for error, refusal in zip(errors, organization.refused, strict=True):
        facts = error.facts
        assert (facts.limit_kind, facts.limit, facts.used, facts.requested) == (
            refusal.kind, refusal.limit, refusal.used, refusal.requested,
        )  # fmt: skip
        assert facts.retry_after_s == pytest.approx(refusal.wait_s, abs=1)
        assert str(refusal.kind) in error.message
        assert error.suggestion
