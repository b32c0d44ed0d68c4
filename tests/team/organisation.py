"""An organisation: a simulated Groq, the team's database, and members in processes of their own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.limits import OverLimitError
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.team.shared_time import CoordinatorLoop

REPOSITORY = Path(__file__).parents[2]
BIG, SMALL = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
QWEN, GUARD = "qwen/qwen3.8-27b", "openai/gpt-oss-safeguard-20b"


def in_shared_time(coroutine):
    with asyncio.Runner(loop_factory=CoordinatorLoop) as runner:
        return runner.run(coroutine)


@dataclass
class Organisation:
    """What runs besides its members."""

    groq: Simulator
    admitted: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)

    def __post_init__(self):
        """Count what the server admits and refuses; of answers it keeps the last thousand."""
        limits = self.groq._state.limits
        admit = limits.admit

        def counted(model, *arguments):
            try:
                admitted = admit(model, *arguments)
            except OverLimitError:
                self.refused[model] += 1
                raise
            self.admitted[model] += 1
            return admitted

        limits.admit = counted


@asynccontextmanager
async def organisation(**behaviour):
    """A server whose answers begin after a fifth of a second."""
    clock = asyncio.get_running_loop().clock
    options = Options(Plan.FREE, rate=None, first_token_s=0.2, blocked_model="", **behaviour)
    async with Simulator(load_catalog(), options, clock=clock) as groq:
        yield Organisation(groq)


async def work(team, folder, urls, number, models):
    """Let members ask a set of so many prompts each; returns the seconds that it took."""
    loop = asyncio.get_running_loop()
    began, children = loop.passed, []
    try:
        for member, (user, url) in enumerate(urls):
            home = folder / f"home{member}"
            home.mkdir(exist_ok=True)
            table = f'plan = "free"\n[team]\nurl = "{url}"\nmachine = "machine{member}"\n'
            (home / "config.toml").write_text(table)
            control = loop.coordinator.admit()
            children.append(_started(team, home, user, control, member, number, *models))
        await loop.coordinator.all_ended()
        for member, child in enumerate(children):
            assert child.wait(30) == 0, (folder / f"home{member}" / "said").read_text()
    finally:
        for child in children:
            child.kill()
            child.wait()
    return loop.passed - began


def _started(team, home, user, control, *words):
    """A member in a process of its own, which writes what it says into its home."""
    environment = {
        **os.environ,
        "GROQCHAT_HOME": str(home),
        "GROQ_BASE_URL": team.groq.url,
        "GROQ_API_KEY": "gsk_test_0123456789abcdefghij",
        "PGPASSWORD": f"secret-{user}",
    }
    command = [sys.executable, "-m", "tests.team.member", control.fileno(), *words]
    with (home / "said").open("wb") as said, control:
        return subprocess.Popen(
            list(map(str, command)),
            env=environment,
            cwd=REPOSITORY,
            pass_fds=[control.fileno()],
            stdout=said,
            stderr=said,
        )


def asked(team, model):
    """How many requests a model has answered, and the tokens of all, by the server's own count."""
    answers = [each for each in team.groq._state.answers.values() if each.model == model]
    return len(answers), sum(
        each.usage.prompt_tokens + each.usage.completion_tokens for each in answers
    )


def booked(connection):
    """The requests and tokens of the team's ledger, by model and outcome."""
    rows = connection.execute(
        "SELECT model, outcome, count(*), sum(prompt_tokens + completion_tokens) "
        "FROM groqchat.entries GROUP BY 1, 2"
    )
    return {(model, outcome): (number, int(tokens)) for model, outcome, number, tokens in rows}
