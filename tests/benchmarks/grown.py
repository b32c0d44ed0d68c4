"""Fabricates a database that has been used for a time: sessions, messages and a ledger."""

from __future__ import annotations

import random
import time
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.money.usage import Usage
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.turns.chat import Message, Role, Session, State
from groqchat.simulator.library import articles
from groqchat.storage.database import archives
from groqchat.storage.database.connection import open_file
from groqchat.storage.database.rows import LEDGER_COLUMNS, entry_row
from groqchat.storage.database.transactions import transaction
from groqchat.storage.database.usage.rollups import catch_up
from tests.benchmarks.archive import rare_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MODELS = ("openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b")
TURNS, SESSIONS_A_DAY, REQUESTS_A_DAY = 50, 10, 1_000
_DAY_S, _DAYS_A_CHECKPOINT = 86_400.0, 20
_INSERT = (
    f"INSERT INTO ledger ({LEDGER_COLUMNS}) "
    f"VALUES ({', '.join('?' * len(LEDGER_COLUMNS.split(',')))})"
)


def grown(home: Path, count: int) -> None:
    """Write a database with so many messages and ledger entries.

    A day has ten sessions of a hundred messages and a thousand requests, so that a larger database
    is an older one.

    Args:
        home: The folder that is ``GROQCHAT_HOME``.
        count: The number of messages and of entries; a multiple of 1,000.
    """
    days = max(1, count // REQUESTS_A_DAY)
    now = time.time()
    with closing(open_file(home / "groqchat.db")) as db:
        for age in range(days, 0, -1):
            # The last day has ended a moment ago.
            begun = now - age * _DAY_S
            with transaction(db):
                archives.add(db, [_session(age, number, begun) for number in range(SESSIONS_A_DAY)])
                db.executemany(_INSERT, map(entry_row, _entries(age, begun)))
            if age % _DAYS_A_CHECKPOINT == 0:
                db.execute("PRAGMA wal_checkpoint")
        catch_up(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA optimize")


def _name(age: int, number: int) -> str:
    return f"day{age:06}session{number}"


def _texts() -> tuple[Sequence[str], Sequence[str]]:
    parts = [part for article in articles() for part in article.text.split("\n\n")]
    paragraphs = [part for part in parts if 40 < len(part) < 600]
    return paragraphs, " ".join(paragraphs).split()


_PARAGRAPHS, _WORDS = _texts()


def _session(age: int, number: int, begun: float) -> Archive:
    """A session of a day, which is so many days ago."""
    name, chance = _name(age, number), random.Random(f"{age} {number}")
    first = begun + number * _DAY_S / SESSIONS_A_DAY
    messages = tuple(_messages(name, chance, first))
    title = " ".join(chance.choices(_WORDS, k=5))
    session = Session(name, title, first, messages[-1].created, MODELS[0], leaf_id=messages[-1].id)
    return Archive(session, messages)


def some_session(number: int, turns: int) -> dict[str, object]:
    """A session as another program writes it, with answers of about a thousand characters."""
    chance = random.Random(number)
    said: list[dict[str, object]] = []
    for turn in range(turns):
        created = 1_700_000_000.0 + 1_000 * number + turn
        question = " ".join(chance.choices(_WORDS, k=20))
        answer = "\n\n".join(chance.choices(_PARAGRAPHS, k=6))
        said.append({"role": "user", "content": question, "created": created})
        said.append(
            {"role": "assistant", "content": answer, "created": created, "model": MODELS[0]}
        )
    return {"id": f"imported{number:04}", "title": f"Session {number}", "messages": said}


def _messages(name: str, chance: random.Random, first: float) -> Iterator[Message]:
    parent = None
    for turn in range(TURNS):
        question = f"{' '.join(chance.choices(_WORDS, k=8))} {rare_word(chance.randrange(1000))}"
        for role, text in ((Role.USER, question), (Role.ASSISTANT, chance.choice(_PARAGRAPHS))):
            own = f"{name}-{turn}-{role.value}"
            model = MODELS[0] if role is Role.ASSISTANT else None
            yield Message(own, name, parent, role, text, first + 60 * turn, State.COMPLETE, model)
            parent = own


def _entries(age: int, begun: float) -> Iterator[LedgerEntry]:
    chance = random.Random(age)
    for place in range(REQUESTS_A_DAY):
        used = Usage(chance.randrange(50, 3000), chance.randrange(50), chance.randrange(900))
        yield LedgerEntry(
            begun + place * _DAY_S / REQUESTS_A_DAY,
            "default",
            "fingerprint",
            chance.choice(MODELS),
            "ok",
            200,
            usage=used,
            cost=Decimal(used.prompt_tokens * 15 + used.completion_tokens * 60).scaleb(-8),
            saved=Decimal(used.cached_tokens * 7).scaleb(-8),
            session_id=_name(age, place * SESSIONS_A_DAY // REQUESTS_A_DAY),
        )
