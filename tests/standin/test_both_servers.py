"""Mixed turns against the stand-in and against the simulator: every number is true.

Nothing but the tokens of answers that were stopped is estimated: no server tells those. What other
clients use of limits that no header tells cannot be known before a refusal names it.
"""

from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from groqchat.domain.limits.header_timing import HeaderTiming
from tests.fakes import FakeClock
from tests.standin.places import AtSimulator, AtStandIn
from tests.standin.typed import type_turns
from tests.standin.walk import Walk

MODEL = "openai/gpt-oss-120b"


@asynccontextmanager
async def walking(place, timing, monkeypatch, seed):
    clock = FakeClock()
    async with AsyncExitStack() as stack:
        at = await stack.enter_async_context(place(clock, timing))
        monkeypatch.setenv("GROQ_BASE_URL", at.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_key_of_nobody")
        walk = Walk(at, clock, seed)
        await walk.begin(stack)
        yield walk


@pytest.mark.parametrize(
    ("place", "timing"),
    [(AtStandIn, HeaderTiming.PROMPT), (AtSimulator, HeaderTiming.RESERVED)],
)
async def test_every_number_of_mixed_turns_is_the_servers_own(place, timing, monkeypatch):
    """Of 80 turns the last are typed, in a third process of the home; the long tests take 200."""
    await take_mixed_turns(place, timing, monkeypatch, 80)


async def take_mixed_turns(place, timing, monkeypatch, turns):
    async with walking(place, timing, monkeypatch, seed=14) as walk:
        for _ in range(turns - 8):
            await walk.turn()
        assert min(walk.done.values()) >= turns // 80, walk.done
        await type_turns(
            walk, ["short", "others", "odd", "short", "odd", "others", "short", "short"]
        )


@pytest.mark.parametrize("timing", [HeaderTiming.PROMPT, HeaderTiming.RESERVED])
@pytest.mark.parametrize("place", [AtStandIn, AtSimulator])
async def test_a_fresh_home_never_shows_more_than_others_have_left(place, timing, monkeypatch):
    """Whose tokens the first headers tell of shows only in later ones; then all is exact."""
    async with walking(place, timing, monkeypatch, seed=3) as walk:
        await walk.place.others(MODEL, 2_000)
        walk.is_doubted = True
        walk.new_session()
        for _ in range(4):
            await walk.ask("short", MODEL)
            await walk.look(MODEL)
            walk.clock.advance(20)
        walk.is_doubted = False
        await walk.ask("short", MODEL)
        await walk.look(MODEL)
