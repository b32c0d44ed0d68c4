"""A server that has batches, whose clock jumps while a command waits."""

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.services.clock import SystemClock
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import KEY


@pytest.fixture
def developer(monkeypatch):
    """A simulator on the developer plan; to wait advances its clock instead."""
    with BackgroundSimulator(load_catalog(), Options(Plan.DEVELOPER, rate=0)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)

        async def sleep(_, seconds):
            running.simulator._state.clock.advance(seconds)

        monkeypatch.setattr(SystemClock, "sleep", sleep)
        yield running.simulator


@pytest.fixture
def prompts(tmp_path):
    """A file with three prompts."""
    path = tmp_path / "prompts.txt"
    path.write_text("What is a limit?\nWhat is a batch?\nWhat is a price?\n")
    return path
