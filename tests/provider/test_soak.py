"""The soak in a small form; ``python -m tests.provider.soak`` is the large one."""

import os

import pytest

from groqchat.ui.widgets import toast_cards
from tests.provider.soak import soak


@pytest.mark.parametrize(("screen", "turns"), [(False, 60), (True, 24)])
async def test_nothing_piles_up(monkeypatch, screen, turns):
    monkeypatch.setenv("GROQ_BASE_URL", "")
    monkeypatch.setenv("GROQ_API_KEY", "")
    monkeypatch.setattr(toast_cards, "NOTICE_S", 0.1)
    outcome = await soak(turns, seed=1, screen=screen, settled_after=turns // 2)
    assert outcome.is_clean, str(outcome)
    assert outcome.answered > turns / 2
    assert os.environ["GROQ_API_KEY"]
