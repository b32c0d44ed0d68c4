"""Long sessions and many of them: opening one, and searching all."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.archive import ending, fabricate, rare_word
from tests.benchmarks.lab import median
from tests.benchmarks.table import Row, against

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.lab import Lab

_CHOOSE_SESSION = "\x13"  # Ctrl+S
_HOME = "\x1b[H"
_SHORT = 10
_QUERIES = [rare_word(7), rare_word(42), "python", "the model", "token limit", "rarity9", "example"]


def sessions(lab: Lab) -> list[Row]:
    """Opening a long session against a short one: from the list, and at the start."""
    long = 200 if lab.is_quick else 10_000
    chosen: dict[int, list[float]] = {_SHORT: [], long: []}
    started: dict[int, list[float]] = {_SHORT: [], long: []}
    lengths = (_SHORT, long)
    for turns in lengths:
        asyncio.run(fabricate(lab.home(f"turns{turns}"), {f"turns{turns}": turns}))
    for _ in lab.repeats(7, 1):
        for turns in lengths:
            chosen[turns].append(_choose(lab, turns))
            started[turns].append(_start(lab, turns))
    return [
        against(
            f"open a session of {long:,} turns {how}, against one of {_SHORT}",
            median(found[_SHORT]),
            median(found[long]),
            "s",
            digits=3,
            name=f"{_SHORT} turns",
            to_reach="≤ 1.5",
        )
        for how, found in (("from the list", chosen), ("at the start", started))
    ]


def _choose(lab: Lab, turns: int) -> float:
    """From Enter on the list of sessions to the session's last word."""
    with lab.ready("groqchat", home=f"turns{turns}") as seat:
        seat.press(_CHOOSE_SESSION)
        vitals.busy_until_quiet(seat.pid)
        seat.press(_HOME)
        vitals.busy_until_quiet(seat.pid)
        since = seat.here
        pressed = seat.press("\r")
        return seat.wait(ending(f"turns{turns}"), since) - pressed


def _start(lab: Lab, turns: int) -> float:
    """From the command to the session's last word."""
    with lab.launch("groqchat", "--session", f"turns{turns}", home=f"turns{turns}") as seat:
        return seat.wait(ending(f"turns{turns}")) - seat.started


def search(lab: Lab) -> list[Row]:
    """Searching all messages through the storage layer, against reading through them."""
    count = 2_000 if lab.is_quick else 100_000
    home = lab.home("searched")
    asyncio.run(fabricate(home, {f"all{number}": count // 40 for number in range(20)}))
    ours = asyncio.run(_searches(home))
    floor = _scans(home)
    return [
        against(
            f"search {count:,} messages",
            median(floor) * 1_000,
            median(ours) * 1_000,
            "ms",
            digits=1,
            name="LIKE",
            to_reach="≤ 100 ms",
        ),
        Row("the slowest of these searches", "–", f"{max(ours) * 1_000:.1f} ms"),
    ]


async def _searches(home: Path) -> list[float]:
    from groqchat.storage.database.database import Database
    from groqchat.storage.database.sessions import Sessions

    database = Database(home / "groqchat.db", print)
    store = Sessions(database)
    await store.search("warm")
    delays = []
    for query in _QUERIES * 3:
        begin = time.monotonic()
        if not await store.search(query):
            raise LookupError(query)
        delays.append(time.monotonic() - begin)
    await database.close()
    return delays


def _scans(home: Path) -> list[float]:
    delays = []
    with sqlite3.connect(home / "groqchat.db") as database:
        for query in _QUERIES:
            begin = time.monotonic()
            database.execute(
                "SELECT id FROM messages WHERE content LIKE ? ORDER BY created DESC LIMIT 50",
                (f"%{query}%",),
            ).fetchall()
            delays.append(time.monotonic() - begin)
    database.close()
    return delays
