"""Workers of a shared set: the real command line in processes of their own, and what they asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.options import Options

REPOSITORY = Path(__file__).parents[2]
BIG, SMALL, QWEN = "openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b"
# A seed makes the same answers however often and in whatever order they are asked for.
VARIANTS = f"{BIG} effort=low seed=7", f"{SMALL} effort=low seed=7", f"{QWEN} seed=7"
# No wait between requests but the limits, and answers that take long enough to be killed in.
BEHAVIOUR = Options(Plan.DEVELOPER, rate=None, first_token_s=0.3, blocked_model="")


def written(folder, number):
    """A set whose answers end with the prompts' numbers; every second one is expected to."""
    rows = [
        {"prompt": f"write 12 tokens, end with P{n:04}", "contains": f"P{n - n % 2:04}"}
        for n in range(number)
    ]
    path = folder / "prompts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def counting(simulator):
    """How often each prompt was answered by each model, counted as the server begins to answer."""
    state, times = simulator._state, Counter()
    remember = state.remember

    def counted(answer):
        times[answer.model, answer.content.split()[-1]] += 1
        remember(answer)

    state.remember = counted
    return times


@dataclass
class Worker:
    """A command line at a home of its own."""

    home: Path
    environment: dict[str, str]
    process: subprocess.Popen | None = field(default=None)

    def start(self, *words, control=None):
        """Start ``compare`` with these words; what it says is written into its home.

        With a ``control`` of :mod:`tests.team.shared_time` it runs in the time of all.
        """
        module = ["groqchat"] if control is None else ["tests.team.command", control.fileno()]
        command = [sys.executable, "-m", *module, "compare", *words]
        with (self.home / "out").open("wb") as out, (self.home / "err").open("wb") as err:
            self.process = subprocess.Popen(
                list(map(str, command)), env=self.environment, cwd=REPOSITORY,
                stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                pass_fds=[] if control is None else [control.fileno()],
            )  # fmt: skip
        if control is not None:
            control.close()
        return self

    def end(self, timeout):
        """Wait for the end; returns the exit code."""
        return self.process.wait(timeout)

    @property
    def said(self):
        return (self.home / "err").read_text()

    @property
    def report(self):
        return json.loads((self.home / "out").read_text())


def worker(folder, name, server, *, user="", url="", plan="developer"):
    """A worker with an empty home; without an address it is in no team."""
    home = folder / name
    home.mkdir(parents=True)
    team = f'[team]\nurl = "{url}"\nmachine = "{name}"\n' if url else ""
    (home / "config.toml").write_text(f'plan = "{plan}"\n{team}')
    environment = {
        **os.environ,
        "GROQCHAT_HOME": str(home),
        "GROQ_BASE_URL": server,
        "GROQ_API_KEY": "gsk_test_0123456789abcdefghij",
        "PGPASSWORD": f"secret-{user}",
    }
    return Worker(home, environment)


_OF_ONE_MACHINE = ("session_id", "message_id", "timing", "batches")
_TIMES = ("first_token_p50_s", "first_token_p95_s", "total_p50_s", "total_p95_s")


def comparable(report):
    """A report without what no two runs have in common: times, ids, and what follows from them."""
    results = [
        {name: value for name, value in result.items() if name not in _OF_ONE_MACHINE}
        for result in report["results"]
    ]
    models = [
        {
            name: value
            for name, value in model.items()
            if name not in _TIMES and name != "tokens_per_second_p50"
        }
        for model in report["models"]
    ]
    rest = {name: report[name] for name in ("name", "runs", "complete", "missing", "tasks")}
    return {**rest, "models": models, "results": results}
