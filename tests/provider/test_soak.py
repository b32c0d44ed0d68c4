"""The soak in a small form; ``python -m tests.provider.soak`` is the large one."""

import os

import pytest

from tests.provider.soak import soak


@pytest.mark.parametrize(("screen", "turns"), [(False, 120), (True, 20)])
async def test_nothing_piles_up(screen, turns, monkeypatch):
    monkeypatch.setenv("GROQ_BASE_URL", "")
    monkeypatch.setenv("GROQ_API_KEY", "")
    outcome = await soak(turns, seed=1, screen=screen, settled_after=turns // 2)
    assert outcome.is_clean, str(outcome)
    assert outcome.answered > turns / 2
    assert os.environ["GROQ_API_KEY"]
