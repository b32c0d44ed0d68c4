"""Several requests at once stay within a budget: what is under way counts, whoever has sent it."""

import asyncio
import sqlite3
import time
from contextlib import closing
from decimal import Decimal
from subprocess import DEVNULL

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.clock import AdvancingClock
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import KEY

MODELS = ("openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b", "allam-2-7b")
ASK = ("ask", "Write 100 tokens", "-m", MODELS[0], "--max-tokens", "100", "--json")
# An answer of 100 tokens costs a hundredth of a cent.
PRICES = "".join(f'[prices."{model}"]\ninput = "0"\noutput = "1"\n' for model in MODELS)
EACH = Decimal("0.0001")


class Gate(AdvancingClock):
    """Keeps all requests waiting for their first token until it is opened."""

    def __init__(self):
        super().__init__()
        self.waiting = 0
        self._opened = asyncio.Event()
        self._loop = None

    async def sleep(self, seconds):
        self._loop = asyncio.get_running_loop()
        self.waiting += 1
        await self._opened.wait()

    def open(self):
        """Let everybody pass from now on."""
        if self._loop is None:
            self._opened.set()
        else:
            self._loop.call_soon_threadsafe(self._opened.set)


@pytest.fixture
def gate(monkeypatch):
    """The gate of a simulator, and a key for it."""
    gate, options = Gate(), Options(Plan.DEVELOPER, rate=0, first_token_s=1)
    with BackgroundSimulator(load_catalog(), options, clock=gate) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        yield gate


@pytest.fixture
def budget(groqchat_home):
    """Set the month's budget."""

    def change(dollars):
        groqchat_home.mkdir(exist_ok=True)
        settings = f'[budget]\nmonthly_usd = "{dollars}"\n{PRICES}'
        (groqchat_home / "config.toml").write_text(settings)

    return change


def until(is_so):
    """Wait for something that other processes do."""
    while not is_so():
        time.sleep(0.02)


def rows(home, query):
    """What the database says."""
    with closing(sqlite3.connect(home / "groqchat.db")) as db, db:
        return db.execute(query).fetchall()


def test_ten_commands_at_once_spend_no_more_than_there_is(gate, budget, process, groqchat_home):
    budget(Decimal("3.5") * EACH)
    started = [process(*ASK, stdin=DEVNULL) for _ in range(10)]
    until(lambda: gate.waiting + sum(one.poll() is not None for one in started) == 10)
    gate.open()
    told = [one.communicate() for one in started]
    assert sorted(one.returncode for one in started) == [0] * 3 + [6] * 7
    refused = [err.decode() for (_, err), one in zip(told, started, strict=True) if one.returncode]
    for words in refused:
        assert "reserved for running requests" in words
        assert "Send it again when they have finished; --over-budget sends it anyway." in words
    assert [cost for (cost,) in rows(groqchat_home, "SELECT cost FROM ledger")] == [str(EACH)] * 3
    assert not rows(groqchat_home, "SELECT * FROM holds")


def test_what_a_killed_command_held_is_booked_as_far_as_it_came_and_free_again(
    gate, budget, process, groqchat, groqchat_home
):
    budget(Decimal("1.5") * EACH)
    killed = process(*ASK, stdin=DEVNULL)
    until(lambda: gate.waiting)
    killed.kill()
    killed.wait()
    gate.open()
    assert rows(groqchat_home, "SELECT count(*) FROM holds") == [(1,)]
    assert groqchat(*ASK).code == 0
    booked = "SELECT outcome, estimated, prompt_tokens > 0 FROM ledger"
    assert rows(groqchat_home, booked) == [("stream_broken", 1, 1), ("ok", 0, 1)]
    assert not rows(groqchat_home, "SELECT * FROM holds")


def test_columns_of_a_comparison_fit_into_the_budget_together(gate, budget, groqchat):
    gate.open()
    budget(Decimal("2.5") * EACH)
    which = [word for model in MODELS for word in ("-m", model)]
    compare = ("compare", "Write 100 tokens", *which, "--max-tokens", "100", "--json")
    done = groqchat(*compare)
    results = done.json["results"]
    assert (done.code, sorted(str(result["cost_usd"]) for result in results)) == (
        0,
        [str(EACH), str(EACH), "None", "None"],
    )
    kinds = [result["error"]["kind"] for result in results if not result["cost_usd"]]
    assert kinds == ["over_budget"] * 2
    # Whoever comes when others have answered is told that too little is left.
    assert done.err.count("so nothing was sent: $0.00") == 2
    assert all(each["answer"] for each in groqchat(*compare, "--over-budget").json["results"])
