"""Long sessions and many of them: opening one, and searching all."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.archive import ending, fabricate, fabricate_many, rare_word
from tests.benchmarks.lab import median
from tests.benchmarks.table import Row, against

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
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


def listing(lab: Lab) -> list[Row]:
    """The list of many sessions, as it stands and narrowed by a word, and a search over all."""
    count = 500 if lab.is_quick else 20_000
    home = lab.home("listed")
    asyncio.run(fabricate_many(home, count, turns=2))
    ours = asyncio.run(_listings(home))
    floors = _plain_listings(home)
    how = ("the last 200 of", "those with a word of", "messages with a word, best first, of")
    names = ("SELECT … LIMIT 200", "LIKE", "LIKE")
    goals = ("≤ 20 ms", "≤ 1.5", "≤ 0.5")
    return [
        against(
            f"list {words} {count:,} sessions",
            floor * 1_000,
            value * 1_000,
            "ms",
            digits=2,
            name=name,
            to_reach=goal,
        )
        for words, name, goal, floor, value in zip(how, names, goals, floors, ours, strict=True)
    ]


async def _listings(home: Path) -> list[float]:
    """The seconds of a list, of a narrowed list and of a search, each the shortest of seven."""
    from groqchat.domain.sessions.queries import read_query
    from groqchat.storage.database.database import Database
    from groqchat.storage.database.sessions import Sessions

    database = Database(home / "groqchat.db", print)
    store = Sessions(database)
    await store.search("warm")
    words = [rare_word(number) for number in range(7)]
    wanted = [read_query(word, lambda _: 0.0) for word in words]
    listed = [await _timed(store.sessions(limit=200, pinned_first=True)) for _ in words]
    narrowed = [await _timed(store.matching(each, pinned_first=True)) for each in wanted]
    found = [await _timed(store.search(word)) for word in words]
    await database.close()
    return [min(listed), min(narrowed), min(found)]


async def _timed(query: Awaitable[Sequence[object]]) -> float:
    begin = time.monotonic()
    if not await query:
        raise LookupError
    return time.monotonic() - begin


def _plain_listings(home: Path) -> list[float]:
    statements = (
        "SELECT id, title, updated, model, cost FROM sessions ORDER BY updated DESC LIMIT 200",
        "SELECT DISTINCT session_id FROM messages WHERE content LIKE ?",
        "SELECT id FROM messages WHERE content LIKE ? ORDER BY created DESC LIMIT 50",
    )
    shortest = []
    with closing(sqlite3.connect(home / "groqchat.db")) as database:
        for statement in statements:
            delays = []
            for number in range(7):
                values = (f"%{rare_word(number)}%",) if "?" in statement else ()
                begin = time.monotonic()
                database.execute(statement, values).fetchall()
                delays.append(time.monotonic() - begin)
            shortest.append(min(delays))
    return shortest


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
