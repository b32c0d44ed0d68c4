"""The soak: thousands of turns in one process, some of them broken, and nothing that piles up.

``python -m tests.provider.soak --turns 2000`` runs the services; ``--screen`` the whole screen.
Prints memory, tasks, sockets and timers once things have settled and in the end, each time
after a good turn and with nothing left to do; exits with 1 if memory grew by a fifth or anything
was left behind.
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
from typing import TYPE_CHECKING

from groqchat.bootstrap import Launch, LocalServices
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.turns.chat import Answered, Options, Session
from tests.benchmarks.vitals import memory_mib
from tests.fakes import FakeClock
from tests.provider.fault_cases import KEY, MODELS, Script, draw, good
from tests.provider.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from groqchat.ui.chat.screen import ChatScreen

SETTLED_AFTER = 200
SESSION_TURNS = 20
FAULTY = 0.3
# As long as a person reads, in seconds: a day has so many turns and no more.
PAUSE_S = 60.0
MOST_GROWTH = 1.2
# What counts seconds on the screen sleeps at one moment and looks up at another.
MOST_BEATS = 2


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
        return (
            after.memory_mib < before.memory_mib * MOST_GROWTH
            and after.tasks <= before.tasks
            and after.sockets <= before.sockets
            and after.timers <= before.timers + MOST_BEATS
        )

    def __str__(self) -> str:
        growth = self.after.memory_mib / self.before.memory_mib - 1
        said = f"{self.turns:,} turns: {self.answered:,} answered, {self.failed:,} failed"
        return f"{said}; memory {growth:+.1%}\n  before {self.before}\n  after  {self.after}"


class Bench:
    """A server that fails often, and the parts in front of it."""

    def __init__(self, server: ScriptedServer, services: LocalServices, seed: int) -> None:
        self.server = server
        self.services = services
        self._dice = random.Random(seed)  # a test's dice

    def prepare(self, number: int) -> None:
        """What the server does with the next turn."""
        dice = self._dice
        faulty = draw(dice, number).scripts if dice.random() < FAULTY else ()
        self._play(*faulty)

    def behave(self) -> None:
        """The next turn goes well: one connection remains, whatever became of those before."""
        self._play()

    def _play(self, *faulty: Script) -> None:
        scripts = (*faulty, *[good(self._dice)] * 12)
        self.server.scripts = [script.steps for script in scripts]
        self.server.heads.clear()
        self.server.bodies.clear()
        self.services.clock.advance(PAUSE_S)


async def soak_services(bench: Bench, turns: int, settled_after: int) -> Outcome:
    """Turns one after the other, in sessions of some length."""
    services = bench.services
    connection = services.connect(await services.find_key())
    answered, before, leaf, session = 0, Vitals.now(), None, None

    async def ask(text: str, model: str) -> bool:
        nonlocal leaf
        turn = connection.turns.ask(session, text, Options(model), parent_id=leaf)
        try:
            async with aclosing(turn) as events:
                async for event in events:
                    if isinstance(event, Answered):
                        leaf = event.message.id
        except GroqchatError:  # what is said about it is tested elsewhere
            return False
        return True

    async def settled() -> Vitals:
        bench.behave()
        await ask("and a good one", MODELS[0])
        return Vitals.now()

    for number in range(turns):
        bench.prepare(number)
        if number % SESSION_TURNS == 0 or session is None:
            now = services.clock.now()
            session, leaf = Session(services.new_id(), "", now, now), None
        answered += await ask(f"prompt {number}", MODELS[number % 2])
        if number + 1 == settled_after:
            before = await settled()
    after = await settled()
    await connection.close()
    return Outcome(turns, answered, turns - answered, before, after)


async def soak_screen(bench: Bench, turns: int, settled_after: int) -> Outcome:
    """The same on the chat screen."""
    from groqchat.ui.sessions.opening import LISTED_SESSIONS
    from tests.ui.stage import groqchat, until

    app = groqchat(bench.services)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        sitter = Sitter(app.screen, pilot)
        # The list of sessions is as long from the beginning as it can get.
        for _ in range(LISTED_SESSIONS):
            await bench.services.store.create_session(
                Session(bench.services.new_id(), "earlier", 0, 0)
            )
        answered, before = 0, Vitals.now()
        for number in range(turns):
            bench.prepare(number)
            if number % SESSION_TURNS == 0:
                await app.screen.conversation.start_new()
            answered += await sitter.ask(f"prompt {number}")
            if number + 1 == settled_after:
                before = await sitter.settled(bench)
        after = await sitter.settled(bench)
    return Outcome(turns, answered, turns - answered, before, after)


class Sitter:
    """Sits in front of the screen: asks, and closes whatever opens after that."""

    def __init__(self, screen: ChatScreen, pilot: Pilot) -> None:
        self._screen = screen
        self._pilot = pilot

    async def ask(self, text: str) -> bool:
        """Ask, wait for the end, and put away what came up; returns whether it was answered."""
        from groqchat.ui.transcript.entries import EntryKind, EntryState

        conversation = self._screen.conversation
        await conversation.ask(self._screen.connection.turns, text)
        await self._until(lambda: not conversation.is_busy)
        last = conversation.transcript.entries[-1]
        await self._pilot.pause()
        await self._put_away()
        return last.role is EntryKind.ASSISTANT and last.state is not EntryState.BROKEN

    async def settled(self, bench: Bench) -> Vitals:
        """What is held after a good turn, when all that goes by itself has gone."""
        bench.behave()
        await self.ask("and a good one")
        await self._until(lambda: not len(self._screen.toasts.children))
        await self._until(lambda: not self._screen.workers)
        return Vitals.now()

    async def _put_away(self) -> None:
        """A rejected key opens a dialog, most other failures a toast."""
        while self._screen.app.screen is not self._screen:
            await self._pilot.press("escape")
        self._screen.sides.put_away()
        self._screen.toasts.clear_errors()
        self._screen.toasts.clear_notices()

    async def _until(self, condition: Callable[[], object]) -> None:
        from tests.ui.stage import until

        await until(self._pilot, condition)


async def soak(turns: int, *, seed: int, screen: bool, settled_after: int) -> Outcome:
    """Run one; the environment names home and key and is not left as it was."""
    async with ScriptedServer() as server:
        os.environ.update(GROQ_BASE_URL=server.url, GROQ_API_KEY=KEY)
        services = LocalServices(Launch())
        services.clock = FakeClock()
        services.change_setting("gap_timeout_s", 0.25)
        try:
            if screen:
                return await soak_screen(Bench(server, services, seed), turns, settled_after)
            await services.start()
            return await soak_services(Bench(server, services, seed), turns, settled_after)
        finally:
            await services.close()


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
