"""An organisation: a simulated Groq, the team's database, and members in processes of their own."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.simulator.limits import OverLimitError
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.team.shared_time import CoordinatorLoop
from tests.virtual_time import START

REPOSITORY = Path(__file__).parents[2]
BIG, SMALL = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
KEY = "gsk_test_0123456789abcdefghij"
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
        """Count what the server admits and refuses, by limit and second; it keeps few answers."""
        limits = self.groq._state.limits
        admit = limits.admit

        def counted(model, *arguments):
            try:
                admitted = admit(model, *arguments)
            except OverLimitError as refusal:
                self.refused[model, refusal.kind, round(arguments[-1] - START)] += 1
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


class Members:
    """The members in processes of their own, each of which asks a set of so many prompts.

    A member that is told to begin again goes on with its set.
    """

    def __init__(self, team, folder, number, models):
        self._team = team
        self._folder = folder
        self._words = [number, *models]
        self._running = {}

    def begin(self, member, home, password=""):
        """Start a member with a home that has its settings; it writes what it says into a file."""
        environment = {
            **os.environ,
            "GROQCHAT_HOME": str(home),
            "GROQ_BASE_URL": self._team.groq.url,
            "GROQ_API_KEY": KEY,
            "PGPASSWORD": password,
        }
        control = asyncio.get_running_loop().coordinator.admit()
        words = [sys.executable, "-m", "tests.team.member", control.fileno(), member, *self._words]
        with self._said(member).open("ab") as said, control:
            self._running[member] = subprocess.Popen(
                list(map(str, words)),
                env=environment,
                cwd=REPOSITORY,
                pass_fds=[control.fileno()],
                stdout=said,
                stderr=said,
            )

    async def kill_over_an_answer(self, member, home):
        """End a member at once, as a power cut would, while it has a request under way."""
        await asyncio.sleep(0.1)  # all have begun then
        while not _has_request(home, member):
            assert self._running[member].poll() is None, self._said(member).read_text()
            await asyncio.sleep(0.1)
        self._running[member].kill()
        self._running.pop(member).wait()

    async def all_ended(self):
        """Wait until all sets are done."""
        await asyncio.get_running_loop().coordinator.all_ended()
        for member, process in self._running.items():
            assert process.wait(30) == 0, self._said(member).read_text()

    def close(self):
        for process in self._running.values():
            process.kill()
            process.wait()

    def _said(self, member):
        return self._folder / f"said{member}"


def _has_request(home, member):
    """Whether a program has a request under way."""
    with closing(sqlite3.connect(home / "groqchat.db")) as db:
        query = "SELECT count(*) FROM holds JOIN prompt_sets USING (session_id) WHERE place = ?"
        return db.execute(query, (f"set{member}",)).fetchone()[0]


async def work(team, folder, urls, number, models):
    """Let members on machines of their own do their work; returns the seconds that it took."""
    loop = asyncio.get_running_loop()
    began, members = loop.passed, Members(team, folder, number, models)
    try:
        for member, (user, url) in enumerate(urls):
            home = folder / f"home{member}"
            home.mkdir(exist_ok=True)
            table = f'plan = "free"\n[team]\nurl = "{url}"\nmachine = "machine{member}"\n'
            (home / "config.toml").write_text(table)
            members.begin(member, home, f"secret-{user}")
        await members.all_ended()
    finally:
        members.close()
    return loop.passed - began


def asked(team, model):
    """How many requests a model has answered, and the tokens of all, by the server's own count."""
    answers = [each for each in team.groq._state.answers.values() if each.model == model]
    return len(answers), sum(
        each.usage.prompt_tokens + each.usage.completion_tokens for each in answers
    )


def booked(connection, table="groqchat.entries"):
    """The requests and tokens of a ledger, by model and outcome."""
    rows = connection.execute(
        "SELECT model, outcome, count(*), sum(prompt_tokens + completion_tokens) "
        f"FROM {table} GROUP BY 1, 2"
    )
    return {(model, outcome): (number, int(tokens)) for model, outcome, number, tokens in rows}


async def believed(home, team, models, patch, password=""):
    """What is left of each model's limits at this moment, as a program with a home knows it."""
    for name, value in (
        ("GROQCHAT_HOME", str(home)),
        ("GROQ_BASE_URL", team.groq.url),
        ("GROQ_API_KEY", KEY),
        ("PGPASSWORD", password),
    ):
        patch.setenv(name, value)
    patch.setattr("groqchat.bootstrap.SystemKeyring", MemoryKeyStore)
    async with open_services(Launch()) as services:
        services.clock = asyncio.get_running_loop().clock
        connection = services.connect(await services.find_key())
        views = {}
        for model in models:
            await connection.quota.refresh(model)
            if connection.team is not None:
                await connection.team.limits.read(model)
            levels = connection.quota.view(model).levels
            views[model] = {level.kind: level.remaining for level in levels}
        await connection.close()
    return views


def left(team, models):
    """What is left of each model's limits at this moment, by the server's own count."""
    now = asyncio.get_running_loop().clock.now()
    return {model: team.groq._state.limits.remaining(model, now) for model in models}


def assert_close(believed, left, *, tokens):
    """Levels are those of the server, but for what drains while an answer begins.

    Requests count for us when their headers come, a fifth of a second after the server did so;
    ``tokens`` may be wrong for other reasons. Of the minute's tokens more may be there than is
    believed: headers count what another program had reserved, and gave back just then.
    """
    for model, levels in left.items():
        for kind, remaining in levels.items():
            drained = 0.2 * team_limit(model, kind) / kind.window_s
            allowed = 1 + drained + (tokens if kind.counts == "tokens" else 0)
            excess = believed[model][kind] - remaining
            assert excess <= allowed, (model, kind)
            assert excess >= -allowed or kind is LimitKind.TPM, (model, kind)


def team_limit(model, kind):
    return load_catalog().get(model).limits[Plan.FREE][kind]
