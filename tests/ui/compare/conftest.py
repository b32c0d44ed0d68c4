"""The simulator that comparisons are tried on, and its faults."""

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.faults.faults import parse
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog


@pytest.fixture
def groq(monkeypatch):
    options = Options(rate=None, blocked_model="")
    with BackgroundSimulator(load_catalog(), options) as background:
        monkeypatch.setenv("GROQ_BASE_URL", background.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_key_of_nobody")
        yield background.simulator


@pytest.fixture
def injected(groq, monkeypatch):
    """Arms faults for the next chat requests, one each."""

    def arm(*names):
        faults = [[parse(name).injected] if name else [] for name in names]
        monkeypatch.setattr(
            groq._state.faults,
            "take",
            lambda endpoint, prompt: faults.pop(0) if endpoint == "chat" and faults else [],
        )

    return arm
