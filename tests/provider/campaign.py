"""The fault campaign: many turns through the real SDK, every one of them against a bad server.

``python -m tests.provider.campaign --cases 10000 --seed 1`` prints what came of them, and exits
with 1 if anything crashed, hung, got lost or was told wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import sys
import tempfile
from collections import Counter
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.chat import Delta, PromptStored, Session, State
from groqchat.domain.turns.fallback import Fallback
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.provider.groq_provider import GroqProvider
from groqchat.services.quota.quota import Account, QuotaService
from groqchat.services.scheduling.scheduler import Scheduler
from groqchat.services.turns.accounting import Accounting
from groqchat.services.turns.attempts import Recovery
from groqchat.services.turns.chat import Turns
from groqchat.services.turns.vendor import Vendor
from groqchat.storage.catalog import load_catalog
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.sessions import Sessions
from groqchat.storage.log import LOGGER, start_log, stop_log
from tests.fakes import FakeClock
from tests.provider.fault_cases import KEY, ORG, Case, draw, good
from tests.provider.scripted import ScriptedServer

LANES = 24
GAP_S = 0.25
LONGEST_TURN_S = 30.0
_LOG_LOOKED_AT = 100
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Report:
    """What came of the cases; ``faults`` are what must not be, each with its case."""

    outcomes: Counter = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(
        default_factory=lambda: {
            name: [] for name in ("crash", "hang", "lost prompt", "unmarked partial", "leak")
        }
    )
    cases: int = 0
    requests: int = 0
    seconds: float = 0.0

    def __str__(self):
        lines = [f"{self.cases:,} cases, {self.requests:,} requests, {self.seconds:.0f} s"]
        lines += [f"  {times:7,}  {name}" for name, times in self.outcomes.most_common()]
        lines += [f"{len(cases)} × {name} {cases[:5] or ''}" for name, cases in self.faults.items()]
        return "\n".join(lines)

    @property
    def is_clean(self):
        return not any(self.faults.values())


@dataclass
class Turn:
    """What was seen of one turn."""

    heard: str = ""
    prompt_id: str = ""
    error: GroqchatError | None = None
    is_left: bool = False


class Campaign:
    """Plays cases, several at once, all on one database."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.report = Report()
        self._seed = seed
        self._folder = folder
        self._ids = count(1)
        self._catalog = load_catalog()

    async def run(self, cases: int) -> Report:
        """Play that many cases."""
        began = perf_counter()
        log = start_log(self._folder / "log.jsonl", verbose=True)
        database = Database(None, print)
        self._store, self._ledger = Sessions(database), Ledger(database)
        numbers = iter(range(cases))
        await asyncio.gather(*(self._lane(numbers) for _ in range(LANES)))
        await database.close()
        stop_log(log)
        self._look_at_log("the end")
        left = asyncio.all_tasks() - {asyncio.current_task()}
        self.report.faults["leak"] += [f"task {task.get_name()}" for task in left]
        self.report.seconds = perf_counter() - began
        return self.report

    async def _lane(self, numbers) -> None:
        async with ScriptedServer() as server:
            provider = GroqProvider(
                Secret(KEY), server.url, clock_now=FakeClock().now, gap_timeout=GAP_S
            )
            for number in numbers:
                case = draw(random.Random(f"{self._seed}:{number}"), number)  # a test's dice
                await self._play(case, server, provider)
            await provider.close()

    async def _play(self, case: Case, server: ScriptedServer, provider: GroqProvider) -> None:
        rest = [good(random.Random(case.number))] * 20
        server.scripts = [script.steps for script in (*case.scripts, *rest)]
        server.heads.clear()
        server.bodies.clear()
        turn = Turn()
        try:
            async with asyncio.timeout(LONGEST_TURN_S):
                await self._listen(case, provider, turn)
        except TimeoutError:
            self._append("hang", case)
        except GroqchatError as error:
            turn.error = error
        except Exception as bug:  # noqa: BLE001  # a crash is what is looked for
            self._append("crash", case, repr(bug)[:200])
        self.report.cases += 1
        self.report.requests += len(server.heads)
        await self._judge(case, turn, rest)

    async def _listen(self, case: Case, provider: GroqProvider, turn: Turn) -> None:
        session = Session(f"s{case.number}", "", 0.0, 0.0)
        heard = 0
        turns = self._turns(case, provider)
        told = turns.ask(session, case.prompt, case.options, is_checked=case.is_checked)
        async with aclosing(told) as events:
            async for event in events:
                heard += 1
                match event:
                    case PromptStored(message):
                        turn.prompt_id = message.id
                    case Delta(text):
                        turn.heard += text
                if heard == case.leaves_after:
                    turn.is_left = True
                    return

    def _turns(self, case: Case, provider: GroqProvider) -> Turns:
        clock = FakeClock()
        account = Account("campaign", f"case {case.number}")
        quota = QuotaService(account, self._ledger, self._catalog, clock, None)
        price_of = lambda model: self._catalog.get(model).price  # noqa: E731  # used once
        books = Accounting(self._store, self._ledger, quota, account, price_of, clock=clock)
        own = {"clock": clock, "new_id": lambda: f"m{next(self._ids)}"}
        vendor = Vendor(provider, books, quota, model_of=self._catalog.get, **own)
        recovery = Recovery(RetryPolicy(3), lambda: 0.5, Fallback(case.fallback))
        return Turns(vendor, self._store, recovery, Scheduler(clock).lane, **own)

    # -- judging ------------------------------------------------------------------------------

    async def _judge(self, case: Case, turn: Turn, rest) -> None:
        kept = await self._store.messages([turn.prompt_id])
        if turn.prompt_id not in kept or kept[turn.prompt_id].content != case.prompt:
            self._append("lost prompt", case)
        answers = await self._answers(turn)
        self._count(turn, answers)
        whole = {script.text for script in (*case.scripts, *rest) if script.is_whole}
        heard = _prefixes_told(turn.heard, [answer.content for answer in answers])
        for answer in answers:
            is_marked = answer.state not in {State.COMPLETE, State.CUT_BY_LIMIT, State.STREAMING}
            if not is_marked and answer.content not in whole:
                self._append("unmarked partial", case, f"{answer.state}: {answer.content[-60:]!r}")
        if not heard:
            self._append("unmarked partial", case, f"told, not kept: {turn.heard[-60:]!r}")
        if turn.error is not None:
            self._judge_words(case, turn.error)

    async def _answers(self, turn: Turn) -> list:
        leaf = await self._store.leaf_below(turn.prompt_id)
        if leaf == turn.prompt_id:
            return []
        ids = await self._store.siblings(leaf)
        return list((await self._store.messages(ids)).values())

    def _count(self, turn: Turn, answers) -> None:
        if turn.error is not None:
            self.report.outcomes[f"{turn.error.kind}: {turn.error.cause.name}"] += 1
        elif turn.is_left:
            self.report.outcomes["left by the listener"] += 1
        else:
            self.report.outcomes[f"answered, {answers[0].state if answers else 'nothing'}"] += 1

    def _judge_words(self, case: Case, error: GroqchatError) -> None:
        logging.getLogger(LOGGER).error("case %s", case.number, exc_info=error)
        if case.number % _LOG_LOOKED_AT == 0:
            self._look_at_log(str(case.number))
        facts = error.facts
        said = (error.title, error.message, error.suggestion, facts.numbers)
        told = (facts.detail, facts.code, facts.parameter, facts.request_id, facts.model)
        words = "\n".join(str(text) for text in (*said, *told, error))
        if secret := next((text for text in (KEY, ORG) if text in words), None):
            place = words.index(secret)
            self._append("leak", case, f"a secret in {words[max(0, place - 30) : place + 10]!r}")
        if _CONTROLS.search(words) or "<html" in words.lower():
            self._append("leak", case, f"not fit to be shown: {words[:100]!r}")
        if not all((error.title, error.message, error.suggestion)):
            self._append("crash", case, "an error without words")

    def _look_at_log(self, when: str) -> None:
        for path in self._folder.glob("log.jsonl*"):
            text = path.read_text()
            if KEY in text or ORG in text:
                self.report.faults["leak"].append(f"the log, at {when}")

    def _append(self, fault: str, case: Case, what: str = "") -> None:
        self.report.faults[fault].append(f"case {case.number} {what}".strip())


def _prefixes_told(heard: str, kept: list[str]) -> bool:
    """Whether all text that was told is kept."""
    return not heard or heard in kept


def campaign(cases: int, seed: int) -> Report:
    """Play cases on an event loop of their own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(Campaign(seed, Path(folder)).run(cases))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    report = campaign(args.cases, args.seed)
    print(report)
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
