"""Chatting from the first key to the last: what it shows, what it costs, what comes back."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from decimal import Decimal

import pytest

from groqchat.storage.catalog import load_catalog
from tests.end_to_end.terminal import REPOSITORY, Terminal

pytestmark = pytest.mark.pty
ANSWERED = "list $0.0"


@contextmanager
def _simulator_process():
    """``groqchat simulate`` as a user starts it; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "groqchat", "simulate", "--quiet", "--rate", "0"],
        stdout=subprocess.PIPE, cwd=REPOSITORY, text=True,
    )  # fmt: skip
    try:
        yield process.stdout.readline().strip().removeprefix("GROQ_BASE_URL=")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()


def _row(screen, label):
    """The figures of a bucket: ``(remaining, limit)``."""
    found = re.search(rf"{label}\s+([\d,]+)/([\d,]+)", screen)
    assert found, f"no {label} in\n{screen}"
    return tuple(int(number.replace(",", "")) for number in found.groups())


def _tokens(screen, label):
    return int(re.search(rf"{label}\s+([\d,]+)", screen)[1].replace(",", ""))


def _amount(screen, label):
    return Decimal(re.search(rf"{label}\s+\$([\d.]+)", screen)[1])


def test_demo_streams_counts_and_keeps_nothing(environment, groqchat_home):
    """Keys pressed before the first frame count, too."""
    with Terminal("--demo", env=environment, cold=True) as terminal:
        terminal.press("What are tokens?\r")
        terminal.wait_for("TPM", "tok/s", ANSWERED)
        first = terminal.text
        assert _row(first, "RPD") == (999, 1_000)
        assert re.search(r"TPD .* ledger\n.* \d+m \d\ds\n", first)  # the bar has its own row
        used, out = _tokens(first, "tokens in"), _tokens(first, "tokens out")
        assert _row(first, "TPD")[0] >= 200_000 - used - out
        price = load_catalog().get("openai/gpt-oss-120b").price
        cost = (used * price.input + out * price.output) / 1_000_000
        assert _amount(first, "this turn") == cost
        # Countdowns run while nothing happens.
        shown = re.search(r"RPD .* header\n.* (\d+m \d\ds)\n", first)[1]
        terminal.wait_for(shown, gone=True)
        assert terminal.quit() == 0
    assert not groqchat_home.exists() or not list(groqchat_home.iterdir())


def test_figures_are_those_of_the_server(program):
    """A simulator of its own process, through GROQ_BASE_URL; the session comes back twice."""
    with _simulator_process() as url:
        terminal = program(at=url, cold=True)
        terminal.press("How do limits refill?\r")
        terminal.wait_for(ANSWERED, "RPM", "header")
        with urllib.request.urlopen(f"{url}/simulator/state", timeout=5) as reply:
            state = json.load(reply)["models"]["openai/gpt-oss-120b"]
        screen = terminal.text
        for kind, refill in (("RPM", 0.5), ("RPD", 0.02), ("TPM", 134), ("TPD", 2.4)):
            remaining, limit = _row(screen, kind)
            assert limit == state[kind]["limit"]
            # The screen is drawn once a second, and the server was asked a moment later.
            there = state[kind]["remaining"]
            assert there - 3 * refill - 1 <= remaining <= there + 1, (kind, remaining, there)
        assert terminal.quit() == 0

        wide = {"at": url, "size": (150, 40), "ready": "How do limits refill?"}
        with program("--continue", **wide) as again:
            again.wait_for("tok/s", "TPD")
            assert again.quit() == 0
        listed = subprocess.run(
            [sys.executable, "-m", "groqchat", "sessions", "list", "--json"],
            cwd=REPOSITORY, capture_output=True, check=True,
        )  # fmt: skip
        session = json.loads(listed.stdout)[0]
        assert Decimal(session["cost_usd"]) > 0
        with program("--session", session["id"], **wide) as again:
            again.wait_for(ANSWERED)
            assert _amount(again.text, "this session") == Decimal(session["cost_usd"])


def test_a_session_that_is_not_there_is_said_as_other_commands_say_it(program):
    terminal = program("--session", "zzzz", ready="there is no session 'zzzz'")
    assert terminal.wait_exit() == 2
