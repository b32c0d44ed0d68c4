"""The soak: thousands of turns in one process, some of them broken, and nothing that piles up.

``python -m tests.provider.soak --turns 2000`` runs the services; ``--screen`` the whole screen.
Prints memory, tasks, sockets and timers at the beginning and in the end; exits with 1 if
memory grew by a fifth or anything was left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import sys
import tempfile
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from groqchat.bootstrap import Launch, Parts
from groqchat.domain.chat import Answered, Options, Session
from groqchat.domain.errors import GroqchatError
from tests.benchmarks.vitals import memory_mib
from tests.fakes import FakeClock
from tests.provider.fault_cases import KEY, MODELS, draw, good
from tests.provider.scripted import ScriptedServer

SETTLED_AFTER = 200
SESSION_TURNS = 20
FAULTY = 0.3
# As long as a person reads, in seconds: a day has so many turns and no more.
PAUSE_S = 60.0
MOST_GROWTH = 1.2


@dataclass(frozen=True)
class Vitals:
    """What a process holds."""

    memory_mib: float
    tasks: int
    sockets: int
    timers: int

    @classmethod
    def now(cls) -> Vitals:
        """Of this process, after a look through its garbage."""
        gc.collect()
        loop = asyncio.get_running_loop()
        return cls(
            memory_mib(os.getpid()),
            len(asyncio.all_tasks()),
            sum(_is_socket(link) for link in Path("/proc/self/fd").iterdir()),
            sum(not timer.cancelled() for timer in loop._scheduled),
        )


def _is_socket(link: Path) -> bool:
    try:
        return str(link.readlink()).startswith("socket:")
    except OSError:  # the one with which the folder was read
        return False


@dataclass(frozen=True)
class Outcome:
    """How a soak went."""

    turns: int
    answered: int
    failed: int
    before: Vitals
    after: Vitals

    @property
    def is_clean(self) -> bool:
        """Whether nothing piled up."""
        before, after = self.before, self.after
        held = (
            (after.tasks, before.tasks),
            (after.sockets, before.sockets),
            (after.timers, before.timers),
        )
        return after.memory_mib < before.memory_mib * MOST_GROWTH and all(
            late <= early + 3 for late, early in held
        )

    def __str__(self) -> str:
        growth = self.after.memory_mib / self.before.memory_mib - 1
        said = f"{self.turns:,} turns: {self.answered:,} answered, {self.failed:,} failed"
        return f"{said}; memory {growth:+.1%}\n  before {self.before}\n  after  {self.after}"


class Bench:
    """A server that fails often, and the parts in front of it."""

    def __init__(self, server: ScriptedServer, parts: Parts, seed: int) -> None:
        self.server = server
        self.parts = parts
        self._dice = random.Random(seed)  # a test's dice

    def prepare(self, number: int) -> None:
        """What the server does with the next turn."""
        dice = self._dice
        faulty = draw(dice, number).scripts if dice.random() < FAULTY else ()
        scripts = (*faulty, *[good(dice)] * 12)
        self.server.scripts = [script.steps for script in scripts]
        self.server.heads.clear()
        self.server.bodies.clear()
        self.parts.clock.advance(PAUSE_S)


async def soak_services(bench: Bench, turns: int, settled_after: int) -> Outcome:
    """Turns one after the other, in sessions of some length."""
    parts = bench.parts
    connection = parts.connect(await parts.find_key())
    answered, before, leaf, session = 0, Vitals.now(), None, None
    for number in range(turns):
        bench.prepare(number)
        if number % SESSION_TURNS == 0 or session is None:
            now = parts.clock.now()
            session, leaf = Session(parts.new_id(), "", now, now), None
        turn = connection.turns.ask(
            session, f"prompt {number}", Options(MODELS[number % 2]), parent_id=leaf
        )
        try:
            async with aclosing(turn) as events:
                async for event in events:
                    if isinstance(event, Answered):
                        answered, leaf = answered + 1, event.message.id
        except GroqchatError:
            pass  # what is said about it is tested elsewhere
        if number + 1 == settled_after:
            before = Vitals.now()
    after = Vitals.now()
    await connection.close()
    return Outcome(turns, answered, turns - answered, before, after)


async def soak_screen(bench: Bench, turns: int, settled_after: int) -> Outcome:
    """The same on the chat screen."""
    from groqchat.ui.app import GroqchatApp
    from groqchat.ui.startup import Opening
    from tests.ui.stage import until

    app = GroqchatApp(bench.parts, Opening())
    answered = 0
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        screen, before = app.screen, Vitals.now()
        for number in range(turns):
            bench.prepare(number)
            if number % SESSION_TURNS == 0:
                await screen.conversation.start_new()
            screen.put_away()
            failures = len(screen.troubles.log)
            await screen.conversation.ask(screen.connection.turns, f"prompt {number}")
            await until(pilot, lambda: not screen.conversation.is_busy)
            answered += len(screen.troubles.log) == failures
            if number + 1 == settled_after:
                before = Vitals.now()
        screen.put_away()
        await pilot.pause()
        after = Vitals.now()
    return Outcome(turns, answered, turns - answered, before, after)


async def soak(turns: int, *, seed: int, screen: bool, settled_after: int) -> Outcome:
    """Run one; the environment names home and key and is not left as it was."""
    async with ScriptedServer() as server:
        os.environ.update(GROQ_BASE_URL=server.url, GROQ_API_KEY=KEY)
        parts = Parts(Launch())
        parts.clock = FakeClock()
        parts.change_setting("gap_timeout_s", 0.25)
        try:
            if screen:
                return await soak_screen(Bench(server, parts, seed), turns, settled_after)
            await parts.start()
            return await soak_services(Bench(server, parts, seed), turns, settled_after)
        finally:
            await parts.close()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--screen", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GROQCHAT_HOME"] = home
        outcome = asyncio.run(
            soak(args.turns, seed=args.seed, screen=args.screen, settled_after=SETTLED_AFTER)
        )
    print(outcome)
    return 0 if outcome.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
