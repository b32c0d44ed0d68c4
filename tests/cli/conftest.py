"""Runs command lines against a simulator, in this process or in one of its own."""

import io
import json
import socket
import subprocess
import sys
from dataclasses import dataclass

import pytest

from groqchat.cli.main import main
from groqchat.domain.models.catalog import Model, Plan
from groqchat.services.clock import SystemClock
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.end_to_end.forked import start_groqchat

KEY = "gsk_test_0123456789abcdefghij"


@dataclass
class Outcome:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def simulator(monkeypatch):
    """A simulator as fast as it can, and an environment with a key for it."""
    with BackgroundSimulator(load_catalog(), Options(rate=0)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        yield running.simulator


@pytest.fixture
def unlimited(monkeypatch):
    """A server that tells no limits."""
    options = Options(Plan.ENTERPRISE, rate=0)
    with BackgroundSimulator([Model("nobody/knows-it")], options) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        yield running.simulator


@pytest.fixture
def free_port():
    """A port of the loopback on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture
def groqchat(capsys, monkeypatch):
    """Run a command line in this process, with what is piped into it."""

    def run(*argv, piped=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped), "utf-8"))
        try:
            code = main([str(word) for word in argv])
        except SystemExit as stop:
            code = stop.code
        return Outcome(int(code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def process():
    """Start a command line as a process of its own: forked, unless it is to start ``cold``."""
    started = []

    def start(*argv, cold=False, stdin=subprocess.PIPE):
        child = start_groqchat(*argv, cold=cold, stdin=stdin)
        started.append(child)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
        child.communicate()


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
