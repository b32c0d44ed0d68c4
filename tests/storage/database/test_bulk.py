"""Many sessions at once: few transactions and statements, one pass of the index, all or nothing."""

import asyncio
import signal
import sqlite3
import sys
from contextlib import closing

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.archive import Archive
from groqchat.services.sessions import session_imports
from groqchat.services.sessions.session_imports import import_sessions
from groqchat.storage.database import archives
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.storage.conftest import prompt, reply, session

MESSAGES = 10


def talk(number, messages=MESSAGES):
    """A session of prompts and answers, each answer with a word of its own."""
    name, said, parent = f"s{number:03}", [], None
    for place in range(messages):
        made = reply if place % 2 else prompt
        words = f"word{number}x{place} spoken" if place % 2 else "a question"
        said.append(made(f"{name}-{place}", parent, words, name))
        parent = said[-1].id
    return Archive(session(name, leaf_id=parent), tuple(said))


@pytest.fixture
async def statements(database):
    """The statements that SQLite runs, those of triggers among them."""
    seen = []
    await database.read(lambda db: db.set_trace_callback(seen.append))
    seen.clear()
    return seen


def count(statements, beginning):
    return sum(each.strip().lstrip("- ").startswith(beginning) for each in statements)


async def is_index_sound(database):
    """Whether the index holds the words of the finished messages and no other."""

    def check(db):
        db.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")

    await database.write(check)
    return True


async def test_an_import_is_one_transaction_with_one_pass_of_the_index(store, database, statements):
    done = await store.add_archives([talk(number) for number in range(20)])
    assert done == [(True, MESSAGES)] * 20
    assert count(statements, "BEGIN") == count(statements, "COMMIT") == 1
    assert count(statements, "INSERT INTO search_index (rowid") == 1
    # SQLite tells an insertion twice where a trigger looks at the row.
    inserted = count(statements, "INSERT INTO messages")
    assert inserted == 2 * 20 * MESSAGES
    own = [each for each in statements if not each.startswith("-- ")]  # others are FTS5's
    assert len(own) - inserted <= 20 * 8 + 15
    assert [each.session_id for each in await store.search("word7x3")] == ["s007"]
    assert (await store.session("s007")).turns == MESSAGES // 2
    assert await is_index_sound(database)


async def test_messages_after_an_import_are_indexed_as_before(store, database):
    await store.add_archives([talk(1)])
    await store.add_message(reply("later", "s001-9", "afterwards", "s001"))
    assert [each.message_id for each in await store.search("afterwards")] == ["later"]
    assert await is_index_sound(database)


async def test_a_file_is_imported_in_transactions_of_bounded_size(store, statements, monkeypatch):
    monkeypatch.setattr(session_imports, "MOST_MESSAGES", 3 * MESSAGES)
    told = []
    many = [*map(talk, range(7)), talk(7, 4 * MESSAGES)]
    done = await import_sessions(store, many, lambda *stored: told.append(stored))
    assert (done.added, done.known, done.messages) == (8, 0, 11 * MESSAGES)
    assert told == [(3, 8), (6, 8), (7, 8), (8, 8)]
    assert count(statements, "BEGIN") == 4


async def test_a_failure_leaves_nothing_of_its_transaction(store, database, monkeypatch):
    put = archives.put_copies

    def put_some(db, session_id, copies):
        put(db, session_id, copies)
        if session_id == "s002":
            raise sqlite3.OperationalError("the power went")

    with monkeypatch.context() as breaking:
        breaking.setattr(archives, "put_copies", put_some)
        with pytest.raises(StorageError):
            await store.add_archives([talk(number) for number in range(4)])
    assert await store.sessions() == []
    await store.add_message(prompt("q", None, "still found", "later"), session("later"))
    assert [each.message_id for each in await store.search("still found")] == ["q"]
    assert await is_index_sound(database)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from groqchat.services.sessions import session_imports
from groqchat.storage.database import archives
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.storage.database.test_bulk import talk

put = archives.put_copies

def put_until(db, session_id, copies):
    if session_id == "s006":
        put(db, session_id, copies[:4])
        os.kill(os.getpid(), signal.SIGKILL)
    put(db, session_id, copies)

archives.put_copies = put_until
session_imports.MOST_MESSAGES = 40
store = Sessions(Database(Path(sys.argv[1]), print))
asyncio.run(session_imports.import_sessions(store, [talk(number) for number in range(12)]))
"""


async def test_a_killed_import_leaves_whole_sessions_and_the_next_one_adds_the_rest(path, notices):
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, str(path))
    assert await killed.wait() == -signal.SIGKILL
    database = Database(path, notices.append)
    store = Sessions(database)
    stored = sorted(each.id for each in await store.sessions())
    assert stored == [f"s{number:03}" for number in range(4)]
    for name in stored:
        assert len(await store.everything(name)) == MESSAGES
    done = await import_sessions(store, [talk(number) for number in range(12)])
    assert (done.added, done.known, done.messages) == (8, 4, 8 * MESSAGES)
    assert await is_index_sound(database)
    assert notices == []
    await database.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_many_sessions_are_deleted_in_one_transaction_and_none_of_their_words_stays(
    store, database, statements, path
):
    await store.add_archives([talk(number) for number in range(6)])
    statements.clear()
    await store.delete_sessions([f"s{number:03}" for number in range(5)])
    assert count(statements, "BEGIN") == 1
    assert sum("optimize" in each for each in statements) == 1
    assert [each.id for each in await store.sessions()] == ["s005"]
    assert [each.session_id for each in await store.search("spoken")] == ["s005"] * 5
    assert await is_index_sound(database)
    await database.close()
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())
    assert b"word5x1" in kept
    assert b"word4x1" not in kept
