"""The mixed turns of ``tests/standin`` with many seeds, servers and timings of headers."""

import pytest

from groqchat.domain.limits.header_timing import HeaderTiming
from tests.standin.places import AtSimulator, AtStandIn
from tests.standin.test_both_servers import walking


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("header_timing", [HeaderTiming.PROMPT, HeaderTiming.RESERVED])
@pytest.mark.parametrize("place", [AtStandIn, AtSimulator])
async def test_every_number_is_the_servers_own(place, header_timing, seed, monkeypatch):
    async with walking(place, header_timing, monkeypatch, seed) as walk:
        for _ in range(200):
            await walk.turn()
