"""The real program at a terminal, with a home of its own and a simulator to talk to."""

import os

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.end_to_end.terminal import Terminal

KEY = "gsk_test_of_nobody_at_all"
READY = "Enter send"


@pytest.fixture
def simulator():
    """A pretend Groq that answers at once."""
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as simulator:
        yield simulator


@pytest.fixture
def environment(tmp_path):
    """What the program sees: no key, no keyring, a terminal with colours."""
    return {**os.environ, "TERM": "xterm-256color", "HOME": str(tmp_path)}


@pytest.fixture
def program(environment, simulator):
    """Starts groqchat with a key, talking to the simulator; ``at`` names another server."""
    started = []

    def start(
        *arguments, at=None, ready=READY, size=(120, 40), command=None, cold=False, **changes
    ):
        env = {**environment, "GROQ_API_KEY": KEY, "GROQ_BASE_URL": at or simulator.url, **changes}
        env = {name: value for name, value in env.items() if value is not None}
        look = {"columns": size[0], "rows": size[1]}
        terminal = Terminal(*arguments, env=env, command=command, cold=cold, **look)
        started.append(terminal)
        if ready:
            terminal.wait_for(ready)
        return terminal

    yield start
    for terminal in started:
        terminal.close()
