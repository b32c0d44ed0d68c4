"""200 prompts over three models on the free plan: stopped or killed, gone on with, reported."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.models.catalog import Plan
from groqchat.domain.prompt_sets.prompt_set import progress
from groqchat.domain.prompt_sets.report import set_report
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.long.hurried_set import BEGAN, PROMPTS, HurriedClock
from tests.services.prompt_sets.paced import in_virtual_time, server
from tests.services.prompt_sets.test_prompt_sets import (
    MODELS,
    assert_recomputed,
    database,
    prompts_of,
    stopped_and_gone_on_with,
    times_asked,
)
from tests.virtual_time import watch_threads

BEFORE_THE_KILL = 250
REPOSITORY = Path(__file__).parents[2]


@contextmanager
def running():
    """The set in a process of its own."""
    command = [sys.executable, "-m", "tests.long.hurried_set"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process):
    """What the process says, line by line, in words."""
    for line in process.stdout:
        yield line.decode().split()


def test_two_hundred_prompts_in_virtual_time(monkeypatch, groqchat_home):
    async def run():
        watch_threads(monkeypatch)
        clock = asyncio.get_running_loop().clock
        async with server(clock, monkeypatch, Plan.FREE, answer_s=0.2) as groq:
            await stopped_and_gone_on_with(clock, groq, groqchat_home, PROMPTS)

    in_virtual_time(run())


async def test_a_set_that_was_killed_asks_nothing_twice(monkeypatch, groqchat_home):
    began = time.time()
    monkeypatch.setenv(BEGAN, str(began))
    monkeypatch.setenv("GROQ_API_KEY", "gsk_test_0123456789abcdefghij")
    behaviour = Options(rate=None, first_token_s=0.2)
    with BackgroundSimulator(load_catalog(), behaviour, clock=HurriedClock(began)) as groq:
        monkeypatch.setenv("GROQ_BASE_URL", groq.url)
        with running() as process:
            sent, answered = set(), set()
            for what, *words in told(process):
                {"sending": sent, "answered": answered}[what].add(tuple(words))
                if len(answered) == BEFORE_THE_KILL:
                    break
            os.kill(process.pid, signal.SIGKILL)
            assert process.wait(60) == -signal.SIGKILL
        with running() as process:
            heard = list(told(process))
            assert process.wait(60) == 0
        times = times_asked(groq.simulator)

    later = Counter(tuple(words) for what, *words in heard if what == "answered")
    assert not answered & set(later)
    assert max(later.values()) == 1
    # Answers may have been saved that nobody heard of any more, and requests sent.
    under_way = len(sent - answered) + len(MODELS)
    assert 3 * PROMPTS - under_way <= len(answered) + len(later) <= 3 * PROMPTS
    assert sorted(words for what, *words in heard if what == "ended") == [
        [model, "None"] for model in sorted(MODELS)
    ]
    # The server counts too: only what was under way at the kill was asked again.
    assert set(times) == {(model, f"P{n:03}") for model in MODELS for n in range(PROMPTS)}
    assert max(times.values()) <= 2
    assert sum(times.values()) - 3 * PROMPTS <= under_way
    assert_recomputed(await reported(), database(groqchat_home), PROMPTS)


async def reported():
    """The report of what is stored."""
    async with open_services(Launch()) as services:
        session_id = (await services.prompt_sets.last("set")).session_id
        messages = await services.store.answers(session_id)
        return set_report(
            "set",
            session_id,
            prompts=prompts_of(PROMPTS),
            models=list(MODELS),
            progress=progress(
                session_id, messages, await services.prompt_sets.failures(session_id)
            ),
            messages=messages,
        )
