"""The soak in a small form; ``python -m tests.provider.soak`` is the large one."""

import os

from tests.provider.soak import soak

TURNS = 60


async def test_nothing_piles_up(monkeypatch):
    monkeypatch.setenv("GROQ_BASE_URL", "")
    monkeypatch.setenv("GROQ_API_KEY", "")
    outcome = await soak(TURNS, seed=1, screen=False, settled_after=TURNS // 2)
    assert outcome.is_clean, str(outcome)
    assert outcome.answered > TURNS / 2
    assert os.environ["GROQ_API_KEY"]
