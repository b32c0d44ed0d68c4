"""Changes of the database that wait at the same time share a transaction."""

import asyncio
import threading

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.storage.database.database import Database


class Held:
    """A database whose thread is held up, so that what is submitted waits."""

    def __init__(self, database):
        self.database = database
        self.go = threading.Event()
        self.commits = []

    async def prepare(self):
        await self.database.write(lambda db: db.execute("CREATE TABLE told (number INTEGER)"))
        await self.database.read(lambda db: db.set_trace_callback(self._trace))
        self._holding = asyncio.ensure_future(self.database.read(lambda _: self.go.wait(60)))
        await asyncio.sleep(0)

    def _trace(self, statement):
        if statement == "COMMIT":
            self.commits.append(statement)

    def put(self, number, **more):
        return asyncio.ensure_future(self.database.write(lambda db: put(db, number), **more))

    async def numbers(self):
        query = "SELECT number FROM told ORDER BY rowid"
        return await self.database.read(lambda db: [row[0] for row in db.execute(query)])


def put(db, number):
    db.execute("INSERT INTO told VALUES (?)", (number,))
    return number


@pytest.fixture
async def held(tmp_path):
    database = Database(tmp_path / "groqchat.db", pytest.fail)
    held = Held(database)
    await held.prepare()
    yield held
    held.go.set()
    await database.close()


async def test_changes_that_wait_are_committed_together_in_their_order(held):
    waiting = [held.put(n, durable=n == 20) for n in range(40)]
    await asyncio.sleep(0)
    held.go.set()
    assert await asyncio.gather(*waiting) == list(range(40))
    assert await held.numbers() == list(range(40))
    assert len(held.commits) == 1


async def test_a_change_that_fails_takes_no_other_with_it(held):
    def fail(db):
        put(db, 100)
        raise failure("database", detail="as it must")

    before = [held.put(n) for n in range(3)]
    failing = asyncio.ensure_future(held.database.write(fail))
    after = [held.put(n) for n in range(3, 6)]
    await asyncio.sleep(0)
    held.go.set()
    assert await asyncio.gather(*before, *after) == list(range(6))
    with pytest.raises(StorageError, match="as it must"):
        await failing
    assert await held.numbers() == list(range(6))


async def test_a_read_sees_what_was_written_before_it_and_nothing_later(held):
    first = held.put(1)
    await asyncio.sleep(0)
    reading = asyncio.ensure_future(held.numbers())
    await asyncio.sleep(0)
    later = [held.put(n) for n in (2, 3)]
    await asyncio.sleep(0)
    held.go.set()
    assert await reading == [1]
    await asyncio.gather(first, *later)
    assert len(held.commits) == 2


async def test_whoever_is_told_of_a_change_finds_it_in_the_file(held, tmp_path):
    other = Database(tmp_path / "groqchat.db", pytest.fail)
    waiting = [held.put(n) for n in range(10)]
    await asyncio.sleep(0)
    held.go.set()
    await waiting[0]
    count = "SELECT count(*) FROM told"
    assert await other.read(lambda db: db.execute(count).fetchone()) == (10,)
    await asyncio.gather(*waiting)
    await other.close()


async def test_changes_of_callers_that_are_gone_are_made_all_the_same(held):
    waiting = [held.put(n) for n in range(5)]
    await asyncio.sleep(0)
    waiting[2].cancel()
    held.go.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert await held.numbers() == list(range(5))
