"""An import beside plain SQLite, and a grown database beside a new one."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from typing import TYPE_CHECKING

from groqchat.services.quota.budget import day_end, month_end, month_start
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.sessions import Sessions
from tests.benchmarks.archive import rare_word
from tests.benchmarks.grown import MODELS, REQUESTS_A_DAY, grown, some_session
from tests.benchmarks.lab import first_key, median
from tests.benchmarks.table import Row, against

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.lab import Lab

_SESSIONS, _QUICK_SESSIONS, _TURNS = 200, 10, 25
_COMMANDS = {
    "`usage`": ("usage",),
    "`usage --by day`": ("usage", "--by", "day"),
    "`usage --by session`": ("usage", "--by", "session"),
    "`usage --by profile --since`": ("usage", "--by", "profile", "--since", "{since}"),
    "`usage --by session --since`": ("usage", "--by", "session", "--since", "{since}"),
    "`sessions list`": ("sessions", "list"),
    "`sessions search`, a rare word": ("sessions", "search", rare_word(7)),
    "`sessions search`, a frequent word": ("sessions", "search", "the"),
}


def importing(lab: Lab) -> list[Row]:
    """``sessions import`` beside SQLite with FTS5 in one transaction, by turns; processor time."""
    count = _QUICK_SESSIONS if lab.is_quick else _SESSIONS
    file = lab.folder / "import.jsonl"
    file.write_text("".join(json.dumps(some_session(n, _TURNS)) + "\n" for n in range(count)))
    costs: dict[str, list[float]] = {"plain": [], "groqchat": []}
    for turn in lab.repeats(8, 1):
        for subject, taken in costs.items():
            words = ("sessions", "import") if subject == "groqchat" else ()
            home = f"{subject}-{turn}"
            cost, _ = lab.cost(subject, *words, str(file), home=home)
            if lab.counts(turn):  # the first run compiles
                taken.append(cost)
            shutil.rmtree(lab.home(home))
    floor, ours = min(costs["plain"]), min(costs["groqchat"])
    return [
        against(
            f"`sessions import`, {count * _TURNS * 2:,} messages in {count} sessions, processor "
            "time of the process",
            floor,
            ours,
            "s",
            name="SQLite with FTS5",
            to_reach="≤ 4",
        )
    ]


def growth(lab: Lab) -> list[Row]:
    """Commands and the start, a large database against a small one; processor time, by turns."""
    large = 4_000 if lab.is_quick else 1_000_000
    homes = {count: lab.home(f"grown-{count}") for count in (REQUESTS_A_DAY, large)}
    for count, home in homes.items():
        home.mkdir(parents=True, exist_ok=True)
        grown(home, count)
    rows = [_start(lab, homes, large), asyncio.run(_panel(homes, large))]
    since = time.strftime("%Y-%m-%d", time.localtime(time.time() - large / 2_000 * 86_400))
    commands = list(_COMMANDS.items())
    for name, words in commands[::5] if lab.is_quick else commands:
        command = [word.format(since=since) for word in words]
        costs: dict[int, list[float]] = {count: [] for count in homes}
        for turn in lab.repeats(6, 1):
            for count, home in homes.items():
                cost, _ = lab.cost("groqchat", *command, home=home.name)
                if lab.counts(turn):
                    costs[count].append(cost)
        rows.append(_against(name, large, min(costs[REQUESTS_A_DAY]), min(costs[large])))
    return rows


def _start(lab: Lab, homes: dict[int, Path], large: int) -> Row:
    """From the command to the first key on the screen."""
    taken: dict[int, list[float]] = {count: [] for count in homes}
    for turn in lab.repeats(8, 1):
        for count, home in homes.items():
            with lab.launch("groqchat", home=home.name) as seat:
                shown = first_key(seat) - seat.started
            if lab.counts(turn):
                taken[count].append(shown)
    small, much = median(taken[REQUESTS_A_DAY]), median(taken[large])
    return _against("start to the first key", large, small, much)


async def _panel(homes: dict[int, Path], large: int) -> Row:
    """What the panel reads after an answer: sums of session, day and month, and the last day."""
    taken: dict[int, float] = {}
    for count, home in homes.items():
        database = Database(home / "groqchat.db", print)
        delays = [await _read_panel(database) for _ in range(20)]
        taken[count] = min(delays)
        await database.close()
    return _against("what the panel reads", large, taken[REQUESTS_A_DAY], taken[large])


async def _read_panel(database: Database) -> float:
    ledger, store, now = Ledger(database), Sessions(database), time.time()
    begun = time.process_time()
    (session,) = await store.sessions(limit=1)
    await ledger.spent(session_id=session.id)
    await ledger.spent(since=day_end(now) - 86_400, until=day_end(now))
    await ledger.spent(since=month_start(now), until=month_end(now))
    await ledger.since(now - 86_400, fingerprint="fingerprint", model=MODELS[0])
    return time.process_time() - begun


def _against(name: str, large: int, small: float, much: float) -> Row:
    return against(
        f"{name}, {large:,} messages and ledger entries",
        small,
        much,
        "s",
        digits=3,
        name=f"{REQUESTS_A_DAY:,} of each",
        to_reach="≤ 1.5",
    )
