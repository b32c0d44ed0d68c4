"""Fabricates what years of use leave behind: a database with sessions of any length."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from groqchat.domain.sessions.archive import Archive
from groqchat.domain.turns.chat import Message, Role, Session, State
from groqchat.simulator.library import articles
from groqchat.storage.database import rows
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

_MODEL = "openai/gpt-oss-120b"
_INSERT = (
    f"INSERT INTO messages ({rows.MESSAGE_COLUMNS}, length, touched) "
    f"VALUES ({', '.join('?' * (len(rows.MESSAGE_COLUMNS.split(',')) + 2))})"
)


def ending(session_id: str) -> str:
    """The last word of a fabricated session."""
    return f"Ending{session_id}x"


def rare_word(number: int) -> str:
    """A word that stands in one message of a thousand."""
    return f"rarity{number}"


async def fabricate(home: Path, sessions: dict[str, int]) -> None:
    """Write a database.

    Args:
        home: The folder that is ``GROQCHAT_HOME``.
        sessions: Ids and their number of turns, the one used last first.
    """
    database = Database(home / "groqchat.db", print)
    store = Sessions(database)
    now = time.time()
    for age, (session_id, turns) in enumerate(sessions.items()):
        used = now - 60 * age
        messages = list(_messages(session_id, turns, used - turns))
        title = f"{turns} turns"
        await store.create_session(Session(session_id, title, used - turns, used, _MODEL))
        await database.write(lambda db, messages=messages: _insert(db, messages))
        await store.update_session(session_id, leaf_id=messages[-1].id)
    await database.close()


async def fabricate_many(home: Path, sessions: int, turns: int) -> None:
    """Write a database with many sessions of a few turns, in one transaction."""
    database = Database(home / "groqchat.db", print)
    now = time.time()
    archives = []
    for age in range(sessions):
        session_id, used = f"many{age}", now - 60 * age
        messages = tuple(_messages(session_id, turns, used - turns))
        leaf_id, title = messages[-1].id, messages[0].content[:50]
        session = Session(session_id, title, used, used, _MODEL, leaf_id=leaf_id)
        archives.append(Archive(session, messages))
    await Sessions(database).add_archives(archives)
    await database.close()


def _insert(db: sqlite3.Connection, messages: list[Message]) -> None:
    """All at once: one by one, each safe from a power cut, would take minutes."""
    db.executemany(
        _INSERT,
        ((*rows.message_row(said), len(said.content), said.created) for said in messages),
    )


def _messages(session_id: str, turns: int, begun: float) -> Iterator[Message]:
    chance = random.Random(session_id)
    paragraphs = [
        part for article in articles() for part in article.text.split("\n\n") if len(part) < 600
    ]
    words = " ".join(paragraphs).split()
    parent = None
    for turn in range(turns):
        question = f"{' '.join(chance.choices(words, k=8))} {rare_word(chance.randrange(1000))}"
        answer = "\n\n".join(chance.choices(paragraphs, k=3))
        if turn == turns - 1:
            answer += f"\n\n{ending(session_id)}"
        for role, text in ((Role.USER, question), (Role.ASSISTANT, answer)):
            own = f"{session_id}-{turn}-{role.value}"
            model = _MODEL if role is Role.ASSISTANT else None
            yield Message(own, session_id, parent, role, text, begun + turn, State.COMPLETE, model)
            parent = own
