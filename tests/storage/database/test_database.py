"""The database: private, current, in one piece, and never in anybody's way."""

import asyncio
import os
import random
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.money.pricing import Cost, Price
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import State
from groqchat.storage.database import database_file
from groqchat.storage.database.connection import checkpoint, open_file
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.migrations import MIGRATIONS, migrate, version
from groqchat.storage.database.read_only import wal_of
from groqchat.storage.database.recovery import recover
from groqchat.storage.database.sessions import Sessions
from groqchat.storage.database.transactions import explained
from tests.fakes import START
from tests.storage.conftest import entry, prompt, reply, session


@pytest.fixture(autouse=True)
def _migrated_anew(monkeypatch):
    """These look at what opening makes, and not at a copy of it."""
    monkeypatch.setattr(database_file, "open_file", open_file)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


async def test_nothing_is_made_before_it_is_used(database, path):
    assert not path.parent.exists()
    await database.open()
    assert path.exists()


async def test_only_the_owner_can_read_any_of_its_files(database, store, path):
    await store.create_session(session())
    made = {entry.name: mode_of(entry) for entry in path.parent.iterdir()}
    assert made == dict.fromkeys(("groqchat.db", "groqchat.db-wal", "groqchat.db-shm"), 0o600)
    assert mode_of(path.parent) == 0o700


async def test_a_file_that_others_can_read_is_made_private(path):
    path.parent.mkdir()
    path.touch(0o644)
    database = Database(path, print)
    await database.open()
    await database.close()
    assert mode_of(path) == 0o600


async def test_closing_leaves_one_file_and_can_be_done_twice(database, store, path):
    await store.create_session(session())
    await database.close()
    await database.close()
    assert [found.name for found in path.parent.iterdir()] == ["groqchat.db"]
    with pytest.raises(StorageError, match="closed"):
        await store.session("s1")


async def test_what_is_in_memory_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    database = Database(None, print)
    store = Sessions(database)
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    assert [hit.message_id for hit in await store.search("question")] == ["q1"]
    await database.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_write_is_done_even_if_nobody_waits_for_it_any_more(database, store):
    await database.open()
    hold = threading.Event()
    blocked = asyncio.ensure_future(database.read(lambda _: hold.wait(10)))
    writing = asyncio.ensure_future(store.create_session(session()))
    await asyncio.sleep(0)
    writing.cancel()
    hold.set()
    await blocked
    assert (await store.session("s1")).id == "s1"


async def test_a_thread_that_hangs_does_not_hold_up_the_exit(database, monkeypatch):
    monkeypatch.setattr("groqchat.storage.database.database.PATIENCE_S", 0.05)
    await database.open()
    hold = threading.Event()
    hanging = asyncio.ensure_future(database.read(lambda _: hold.wait(30)))
    await asyncio.sleep(0)
    await database.close()
    assert not hanging.done()
    hold.set()
    await hanging


def test_an_event_loop_that_is_gone_is_no_trouble(path):
    database = Database(path, print)
    hold = threading.Event()

    async def abandon():
        await database.open()
        asyncio.ensure_future(database.read(lambda _: hold.wait(10))).cancel()
        await asyncio.sleep(0)

    asyncio.run(abandon())
    hold.set()

    async def look():
        found = await database.read(lambda db: db.execute("SELECT 1").fetchone())
        await database.close()
        return found

    assert asyncio.run(look()) == (1,)


# -- trouble ---------------------------------------------------------------------------------------


async def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "home").write_text("a file")
    database = Database(tmp_path / "home" / "data" / "groqchat.db", print)
    with pytest.raises(StorageError, match="home/data") as caught:
        await database.open()
    assert caught.value.cause.name == "home_unwritable"
    (tmp_path / "home").unlink()
    await database.open()
    await database.close()


async def test_a_full_disk_loses_nothing_that_was_there(database, store):
    await store.create_session(session())
    pages = "SELECT page_count FROM pragma_page_count"
    await database.read(
        lambda db: db.execute(f"PRAGMA max_page_count = {db.execute(pages).fetchone()[0] + 2}")
    )
    with pytest.raises(StorageError, match="full") as caught:
        await store.add_message(prompt("q1", content="x" * 1_000_000))
    assert caught.value.cause.name == "disk"
    await store.add_message(prompt("q2", content="short"))
    assert (await store.session("s1")).leaf_id == "q2"


async def test_a_disk_that_cannot_be_written_to_is_called_that(database, store):
    await store.create_session(session())
    await database.read(lambda db: db.execute("PRAGMA query_only = ON"))
    with pytest.raises(StorageError, match="readonly") as caught:
        await store.add_message(prompt("q1"))
    assert caught.value.cause.name == "disk"
    assert (await store.session("s1")).id == "s1"


async def test_a_lock_that_is_never_given_up_is_named(database, store, path):
    await store.create_session(session())
    await database.read(lambda db: db.execute("PRAGMA busy_timeout = 10"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="locked") as caught:
            await store.add_message(prompt("q1"))
        assert caught.value.cause.name == "database"
        other.execute("ROLLBACK")
    await store.add_message(prompt("q1"))


def test_a_connection_waits_as_long_as_many_writers_may_take(tmp_path):
    """Fifty processes on a slow disk keep one waiting for far longer than five seconds."""
    with closing(open_file(tmp_path / "groqchat.db")) as db:
        checkpoint(db)
        assert db.execute("PRAGMA busy_timeout").fetchone() == (30_000,)


def test_too_many_readers_at_once_are_called_a_lock():
    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorcode = sqlite3.SQLITE_PROTOCOL
    assert "another program keeps here locked" in explained(error, "here").message


async def test_a_message_after_one_that_another_process_has_deleted_says_what_to_do(store):
    await store.create_session(session())
    with pytest.raises(StorageError, match="deleted meanwhile; open the session again"):
        await store.add_message(prompt("q2", "gone"))


async def test_a_mistake_of_ours_is_not_taken_for_trouble_of_the_machine(database):
    with pytest.raises(sqlite3.ProgrammingError):
        await database.read(lambda db: db.execute("SELECT ?"))


async def test_a_disk_without_wal_keeps_the_rollback_journal(database, store, monkeypatch):
    connect = sqlite3.connect

    class WithoutWal(sqlite3.Connection):
        def execute(self, sql, *values):
            if "journal_mode" in sql:
                raise sqlite3.OperationalError("disk I/O error")
            return super().execute(sql, *values)

    monkeypatch.setattr("sqlite3.connect", lambda *a, **k: connect(*a, **k, factory=WithoutWal))
    await store.create_session(session())
    assert (await store.session("s1")).id == "s1"


async def test_checkpoints_are_left_to_those_who_are_alone(database, store, path, monkeypatch):
    monkeypatch.setattr(database_file, "WRITES_PER_CHECKPOINT", 5)
    before = path.stat().st_size if path.exists() else 0
    other = Database(path, print)
    await other.open()
    await store.create_session(session())
    for number in range(20):
        await store.add_message(prompt(f"q{number}", content="x" * 10_000))
    grown = wal_of(path).stat().st_size
    assert grown > 200_000
    assert path.stat().st_size - before < 200_000
    await other.close()
    for number in range(20, 30):
        await store.add_message(prompt(f"q{number}", content="x" * 10_000))
    assert path.stat().st_size - before > 200_000


# -- versions --------------------------------------------------------------------------------------


def test_the_first_step_makes_the_shape_of_today(path):
    with closing(open_file(path)) as db:
        assert version(db) == len(MIGRATIONS)


LATER = (
    *MIGRATIONS,
    ("ALTER TABLE sessions ADD COLUMN colour TEXT", "UPDATE sessions SET colour = 'red'"),
)


async def test_an_older_database_is_upgraded_and_a_copy_of_it_kept(database, store, path):
    await store.create_session(session())
    await database.close()
    with closing(open_file(path, steps=LATER)) as db:
        assert db.execute("SELECT id, colour FROM sessions").fetchall() == [("s1", "red")]
        assert version(db) == len(LATER)
    copy = path.with_name(f"groqchat.db.version-{len(MIGRATIONS)}")
    assert mode_of(copy) == 0o600
    with closing(sqlite3.connect(copy)) as db:
        assert version(db) == len(MIGRATIONS)
        assert db.execute("SELECT id FROM sessions").fetchall() == [("s1",)]


def test_a_step_that_fails_leaves_the_version_before_it(path):
    open_file(path).close()
    broken = (*MIGRATIONS, ("CREATE TABLE extra (x)", "nonsense"))
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            open_file(path, steps=broken)
    with closing(open_file(path)) as db:
        assert version(db) == len(MIGRATIONS)
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchone()


def test_plain_hashes_of_keys_are_forgotten_but_what_they_spent_is_not(path):
    old = next(at for at, step in enumerate(MIGRATIONS) if "DELETE FROM model_lists" in step)
    with closing(open_file(path, steps=MIGRATIONS[:old])) as db:
        db.execute("INSERT INTO model_lists (fingerprint, fetched, models) VALUES ('f00', 1, '[]')")
        db.execute(
            "INSERT INTO ledger (time, profile, fingerprint, model, outcome, prompt_tokens, "
            "cached_tokens, completion_tokens, reasoning_tokens, estimated, audio_s, cost) "
            "VALUES (1, 'work', 'f00', 'm', 'answered', 1, 0, 2, 0, 0, 0, '0.1')"
        )
    with closing(open_file(path)) as db:
        assert db.execute("SELECT count(*) FROM model_lists").fetchone() == (0,)
        (kept,) = db.execute("SELECT profile, fingerprint, cost FROM ledger")
        assert kept == ("work", "", "0.1")


def test_a_step_is_taken_once_when_two_processes_upgrade(path):
    with closing(open_file(path)) as one, closing(open_file(path)) as other:
        migrate(one, LATER)
        other.execute("BEGIN").close()
        other.execute("COMMIT").close()
        migrate(other, LATER)
        assert version(other) == len(LATER)


async def test_a_newer_database_is_refused_with_both_versions(database, path):
    open_file(path, steps=(*MIGRATIONS, ("CREATE TABLE later (x)",))).close()
    with pytest.raises(
        StorageError, match=rf"version {len(MIGRATIONS) + 1}.*up to {len(MIGRATIONS)}"
    ):
        await database.open()
    with closing(sqlite3.connect(path)) as db:
        assert version(db) == len(MIGRATIONS) + 1


# -- damage ----------------------------------------------------------------------------------------


async def filled(path, sessions=20):
    database = Database(path, print)
    store = Sessions(database)
    for number in range(sessions):
        sid = f"s{number}"
        await store.create_session(session(sid))
        await store.add_message(
            prompt(f"q{number}", session_id=sid, content=f"question {number} " * 300)
        )
        await store.finish(
            reply(f"a{number}", f"q{number}", session_id=sid, content="answer " * 300),
            entry(number, session_id=sid, cost=Decimal("0.01")),
        )
    await database.close()


PAGE = 4096


def damaged_file(path):
    (found,) = [
        e for e in path.parent.iterdir() if re.fullmatch(r"groqchat\.db\.damaged-[\d-]+", e.name)
    ]
    return found


async def test_a_file_that_is_no_database_is_moved_aside_and_its_place_told(
    database, store, path, notices
):
    path.parent.mkdir()
    path.write_bytes(b"this is not a database" * 1000)
    await store.create_session(session())
    assert (await store.session("s1")).id == "s1"
    aside = damaged_file(path)
    assert aside.read_bytes().startswith(b"this is not")
    (notice,) = notices
    assert str(aside) in notice
    assert "0 messages in 0 sessions" in notice


async def test_what_can_be_read_of_a_damaged_database_is_recovered(
    database, store, ledger, path, notices
):
    await filled(path)
    raw = bytearray(path.read_bytes())
    page = raw.index(b"question 7 ") // PAGE * PAGE
    raw[page : page + PAGE] = os.urandom(PAGE)
    path.write_bytes(raw)
    kept = [m for n in range(20) for m in await store.messages([f"q{n}", f"a{n}"])]
    assert 30 <= len(kept) < 40
    (notice,) = notices
    assert str(damaged_file(path)) in notice
    assert len(await store.sessions()) == 20
    assert (await ledger.spent()).cost == Decimal("0.20")
    for listed in await store.sessions():
        if listed.leaf_id is not None:
            assert [m.id for m in await store.path(listed.leaf_id)][-1] == listed.leaf_id
    await database.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_messages_of_a_lost_session_get_a_new_one(store, path):
    await filled(path, sessions=3)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM sessions WHERE id <> 's1'")
        db.execute("DELETE FROM messages WHERE id IN ('q0', 'a1')")
        db.commit()
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ledger_by_time'"
        page = (db.execute(query).fetchone()[0] - 1) * PAGE
    raw = bytearray(path.read_bytes())
    raw[page : page + PAGE] = bytes(PAGE)
    path.write_bytes(raw)
    notice = recover(path, "now")
    assert "4 messages in 1 sessions" in notice
    assert "groqchat.db.damaged-now" in notice
    recovered = {s.title: s.leaf_id for s in await store.sessions()}
    assert set(recovered) == {"Recovered conversation", "A title"}
    assert recovered["A title"] == "q1"
    assert {s.leaf_id for s in await store.sessions()} == {"a0", "q1", "a2"}
    assert [m.id for m in await store.path("a0")] == ["a0"]


async def test_damage_to_the_search_index_alone_costs_nothing(database, store, path, notices):
    await filled(path, sessions=3)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM search_index_data WHERE id > 10")
        db.commit()
    assert [hit.message_id for hit in await store.search("question 2")][:1] == ["q2"]
    assert notices == []


async def test_a_text_that_is_none_any_more_is_shown_as_far_as_it_is(store, path, notices):
    await filled(path, sessions=1)
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"question 0 question", b"quest\xff\xfen 0 question"))
    (found, _) = await store.path("a0")
    assert found.content.startswith("quest\ufffd\ufffdn 0")
    assert notices == []


def wrecked(raw, chance):
    """A file damaged in one of the ways in which disks damage files."""
    page = chance.randrange(len(raw) // PAGE) * PAGE
    match chance.choice(("noise", "zeros", "cut", "header")):
        case "noise":
            return raw[:page] + chance.randbytes(PAGE) + raw[page + PAGE :]
        case "zeros":
            return raw[:page] + bytes(PAGE) + raw[page + PAGE :]
        case "cut":
            return raw[: chance.randrange(len(raw))]
    at = chance.randrange(60)
    return raw[:at] + chance.randbytes(3) + raw[at + 3 :]


async def test_whatever_the_damage_work_goes_on_or_the_reason_is_told(path):
    await filled(path)
    whole, chance = path.read_bytes(), random.Random(7)
    recovered, refusals = 0, []
    for number in range(60):
        place = path.with_name(str(number)) / "groqchat.db"
        place.parent.mkdir()
        place.write_bytes(wrecked(whole, chance))
        database = Database(place, print)
        store = Sessions(database)
        try:
            await store.create_session(session("new"))
            await store.search("question")
            for listed in await store.sessions():
                recovered += len(await store.path(listed.leaf_id)) if listed.leaf_id else 0
        except StorageError as error:
            refusals.append(error.cause.name)
        await database.close()
    assert recovered > 60 * 15
    assert len(refusals) < 3
    assert set(refusals) <= {"database", "disk"}


async def test_two_processes_that_find_the_same_damage_repair_it_once(path):
    path.parent.mkdir()
    path.write_bytes(b"damaged" * 10_000)
    told = []
    databases = [Database(path, told.append) for _ in range(4)]
    await asyncio.gather(*(database.open() for database in databases))
    await Sessions(databases[0]).create_session(session())
    assert [s.id for s in await Sessions(databases[3]).sessions()] == ["s1"]
    assert len(told) == 1
    for database in databases:
        await database.close()


# -- crashes ---------------------------------------------------------------------------------------

TALKER = """
import asyncio, sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from groqchat.domain.turns.chat import Message, Role, Session, State
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions

def say(*words):
    print(*words, flush=True)

async def main():
    store = Sessions(Database(Path(sys.argv[1]), print))
    await store.create_session(Session("s1", "", 1, 1))
    parent = None
    for turn in range(10_000):
        prompt = Message(f"q{turn}", "s1", parent, Role.USER, "question", turn)
        await store.add_message(prompt)
        say("stored", prompt.id)
        answer = Message(f"a{turn}", "s1", prompt.id, Role.ASSISTANT, "", turn, State.STREAMING)
        await store.add_message(answer)
        for step in range(1, 6):
            answer = replace(answer, content="word " * 200 * step)
            await store.checkpoint(answer)
            say("checkpoint", answer.id, len(answer.content))
        entry = LedgerEntry(turn, "p", "f", "m", "ok", cost=Decimal("0.01"), message_id=answer.id)
        await store.finish(replace(answer, state=State.COMPLETE), entry)
        say("finished", answer.id)
        parent = answer.id

asyncio.run(main())
"""


def killed_while_talking(path, lines):
    """Run until it has said so many lines, then kill it without warning; returns what it said."""
    command = (sys.executable, "-c", TALKER, str(path))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as talker:
        said = [talker.stdout.readline().split() for _ in range(lines)]
        talker.kill()
        return said + [line.split() for line in talker.stdout if line.endswith("\n")]


@pytest.mark.parametrize("lines", [1, 2, 6, 7, 60])
async def test_a_process_that_is_killed_loses_nothing_it_was_told_is_stored(
    store, ledger, path, notices, lines
):
    said = killed_while_talking(path, lines)
    kept = {m.id: m for s in await store.sessions() for m in await store.path(s.leaf_id)}
    for what, message_id, *length in said:
        assert message_id in kept
        if what == "checkpoint":
            assert len(kept[message_id].content) >= int(length[0])
        if what == "finished":
            assert kept[message_id].state is State.COMPLETE
    assert State.STREAMING not in {message.state for message in kept.values()}
    complete = {m.id for m in kept.values() if m.id[0] == "a" and m.state is State.COMPLETE}
    entries = (await ledger.since(0, fingerprint="f", model="m")).entries
    assert {entry.message_id for entry in entries} == complete
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert notices == []


async def test_an_answer_that_another_process_still_writes_is_left_alone(database, store, path):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    await store.add_message(reply("a1", "q1", "half", state=State.STREAMING))
    other = Database(path, print)
    assert (await Sessions(other).messages(["a1"]))["a1"].state is State.STREAMING
    await other.close()
    assert (await store.messages(["a1"]))["a1"].state is State.STREAMING


async def test_an_answer_that_has_not_grown_for_long_is_broken_whoever_is_there(
    database, store, path
):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    await store.add_message(reply("a1", "q1", "half", state=State.STREAMING))
    await database.write(lambda db: db.execute("UPDATE messages SET touched = touched - 3600"))
    other = Database(path, print)
    assert (await Sessions(other).messages(["a1"]))["a1"].state is State.BROKEN
    assert [hit.message_id for hit in await Sessions(other).search("half")] == ["a1"]
    await other.close()


PRICE = Price(input=Decimal("0.15"), output=Decimal("0.60"))


async def begun(store, database):
    """An answer whose writer has been silent for an hour, and the text that came of it."""
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "half", state=State.STREAMING)
    await store.begin_answer(
        draft,
        entry(
            outcome="stream_broken", usage=Usage(1_000), estimated=True, price=PRICE,
            session_id="s1", message_id="a1",
            buckets=(LeakyBucket(LimitKind.TPM, 8_000, 1_000.0, START, Source.HEADER),),
        ),
    )  # fmt: skip
    grown = replace(draft, content="word " * 400)
    await store.checkpoint(grown)
    await database.write(lambda db: db.execute("UPDATE messages SET touched = touched - 3600"))
    return grown


async def test_an_answer_that_nobody_ends_is_booked_as_far_as_it_came(database, store, path):
    await begun(store, database)
    other = Database(path, print)
    (answer,) = (await Sessions(other).messages(["a1"])).values()
    assert answer.state is State.BROKEN
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (1_000, 324)
    assert answer.cost.total == Decimal("0.0003444")
    assert (await Sessions(other).session("s1")).cost == answer.cost.total
    (booked,) = (await Ledger(other).since(0, fingerprint="f", model="m")).entries
    assert (booked.cost, booked.estimated, booked.message_id) == (answer.cost.total, True, "a1")
    assert booked.buckets[0].used == 1_324
    await other.close()
    again = Database(path, print)
    assert len((await Ledger(again).since(0, fingerprint="f", model="m")).entries) == 1
    await again.close()


async def test_an_answer_that_was_booked_too_early_is_booked_once(database, store, path):
    grown = await begun(store, database)
    other = Database(path, print)
    await Sessions(other).messages([])
    await other.close()
    whole = replace(
        grown, state=State.COMPLETE, usage=Usage(1_010, 0, 700), cost=Cost(Decimal("0.0006"))
    )
    await store.finish(whole, entry(cost=Decimal("0.0006"), message_id="a1", session_id="s1"))
    (booked,) = (await Ledger(database).since(0, fingerprint="f", model="m")).entries
    assert booked.cost == Decimal("0.0006")
    assert (await store.session("s1")).cost == Decimal("0.0006")


async def test_an_answer_that_ends_leaves_nothing_to_be_booked(database, store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "half", state=State.STREAMING)
    await store.begin_answer(draft, entry(outcome="stream_broken"))
    await store.finish(replace(draft, state=State.COMPLETE), entry())
    left = await database.read(lambda db: db.execute("SELECT count(*) FROM flights").fetchone())
    assert left == (0,)


async def test_an_answer_taken_for_broken_too_early_heals_with_its_next_words(store, database):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "half", state=State.STREAMING)
    await store.add_message(draft)
    await database.write(lambda db: db.execute("UPDATE messages SET state = 'broken'"))
    await store.checkpoint(draft)
    assert (await store.messages(["a1"]))["a1"].state is State.STREAMING
    assert list(await store.search("half")) == []


async def test_a_continued_answer_is_booked_for_its_own_words(database, store, path):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "word " * 400 + "more", state=State.STREAMING)
    await store.begin_answer(draft, entry(outcome="stream_broken", usage=Usage(9)), 2_000)
    await database.write(lambda db: db.execute("UPDATE messages SET touched = touched - 3600"))
    other = Database(path, print)
    (answer,) = (await Sessions(other).messages(["a1"])).values()
    assert answer.usage.completion_tokens == 1
    await other.close()


async def test_a_flight_that_another_version_wrote_bars_nothing(database, store, path):
    await begun(store, database)
    await database.write(lambda db: db.execute("UPDATE flights SET entry = '{}'"))
    other = Database(path, print)
    (answer,) = (await Sessions(other).messages(["a1"])).values()
    assert (answer.state, answer.usage) == (State.BROKEN, None)
    await other.close()
