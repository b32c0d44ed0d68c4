"""What requests under way take of limits: seen by other processes, and booked if theirs dies."""

from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.ledger.holds import Basis, Claim, Hold, Overtaken
from groqchat.domain.ledger.running import Running
from groqchat.domain.turns.chat import State
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.unsaved_sessions import UnlinkedLedger
from tests.storage.conftest import entry, prompt, reply, session

BROKEN = entry(1_000.0, outcome="stream_broken", message_id="a1", session_id="s1", audio_s=12.5)
WHOSE = {"fingerprint": BROKEN.fingerprint, "model": BROKEN.model}


def hold(name="a1", basis=None, **told):
    claimed = replace(BROKEN, message_id=name, **told)
    running = Running(name, claimed.time, 300, 400, 12.5)
    return Hold(name, "s1", Decimal("0.5"), Claim(claimed, running, basis))


def basis(recorded):
    return Basis(recorded.last, recorded.version, [each.id for each in recorded.running])


@pytest.fixture
async def other(path):
    """The ledger as another process has it."""
    database = Database(path, print)
    ledger = Ledger(database)
    yield ledger
    await database.close()
    ledger.leave()


async def test_each_process_sees_what_the_others_have_under_way(ledger, other):
    await ledger.hold(hold(), ())
    assert (await ledger.since(0.0, **WHOSE)).running == []
    assert (await other.since(0.0, **WHOSE)).running == [Running("a1", 1_000.0, 300, 400, 12.5)]
    for others in ({"model": "x"}, {"fingerprint": "x"}, {"provider": "x"}):
        assert (await other.since(0.0, **(WHOSE | others))).running == []
    profiles = {"fingerprint": "x", "profiles": [BROKEN.profile]}
    assert (await other.since(0.0, **(WHOSE | profiles))).running
    await ledger.record(entry(), held_for="a1")
    assert (await other.since(0.0, **WHOSE)).running == []


async def test_who_was_overtaken_takes_nothing(ledger, other):
    known = basis(await ledger.since(0.0, **WHOSE))
    assert await other.hold(hold("b1"), ()) is None
    assert await ledger.hold(hold("a1", known), ()) == Overtaken()
    assert (await other.since(0.0, **WHOSE)).running == []
    known = basis(await ledger.since(0.0, **WHOSE))
    assert await ledger.hold(hold("a1", known), ()) is None
    # What ends between is news too, though it is under way no longer.
    known = basis(await ledger.since(0.0, **WHOSE))
    await other.hold(hold("b2"), ())
    for name in ("b1", "b2"):
        await other.record(entry(), held_for=name)
    assert await ledger.hold(hold("a2", known), ()) == Overtaken()


async def test_what_does_not_bear_on_the_limits_overtakes_nobody(ledger, other):
    known = basis(await ledger.since(0.0, **WHOSE))
    await other.hold(hold("b1", model="x"), ())
    await other.record(entry(model="x"), held_for="b1")
    assert await ledger.hold(hold("a1", known), ()) is None
    assert await ledger.hold(hold("a2", known), ()) is None  # nor do the process's own
    assert await ledger.hold(hold("a3"), ()) is None  # sent whatever others do


async def test_what_a_dead_process_had_under_way_is_booked_by_who_comes_next(
    ledger, other, path, database
):
    await other.hold(hold("b1", cost=Decimal("0.25")), ())
    other.leave()
    await database.write(lambda db: db.execute("UPDATE holds SET time = time - 11"))
    await ledger.hold(hold("a1"), ())
    recorded = await ledger.since(0.0, **WHOSE)
    assert recorded.entries == [replace(BROKEN, message_id="b1", cost=Decimal("0.25"))]
    assert (await other.since(0.0, **WHOSE)).running == [Running("a1", 1_000.0, 300, 400, 12.5)]
    # It was not dead after all: what it really used counts, and once.
    await other.record(entry(cost=Decimal(2), session_id="s1"), held_for="b1")
    assert (await ledger.spent()).cost == 2


async def test_an_answer_that_was_begun_is_booked_as_far_as_it_came(
    ledger, other, path, store, database
):
    await store.create_session(session())
    await store.add_message(prompt("p1"))
    await other.hold(hold("a1"), ())
    await store.begin_answer(reply("a1", "p1", "some text", state=State.STREAMING), BROKEN)
    other.leave()
    await database.write(lambda db: db.execute("UPDATE holds SET time = time - 11"))
    await database.write(lambda db: db.execute("UPDATE messages SET touched = touched - 11"))
    third = Database(path, print)
    await third.open()
    await third.close()
    (booked,) = (await ledger.since(0.0, **WHOSE)).entries
    assert booked.usage.completion_tokens > 0
    assert (await store.messages(["a1"]))["a1"].state is State.BROKEN


async def test_a_request_of_a_living_process_is_left_alone(ledger, other, path, database):
    await other.hold(hold("b1"), ())
    await database.write(lambda db: db.execute("UPDATE holds SET time = time - 11"))
    await ledger.hold(hold("a1"), ())
    third = Database(path, print)
    await third.open()
    await third.close()
    running = (await Ledger(database).since(0.0, **WHOSE)).running
    assert {each.id for each in running} == {"a1", "b1"}


async def test_of_a_chat_that_is_not_kept_no_session_is_named(database, other):
    unlinked = UnlinkedLedger(database)
    await unlinked.hold(hold(), ())
    assert len((await other.since(0.0, **WHOSE)).running) == 1
    held = await database.read(
        lambda db: db.execute("SELECT session_id, entry FROM holds").fetchone()
    )
    assert held[0] == ""
    assert '"session_id": null' in held[1]
    assert '"message_id": null' in held[1]
    # Booked as if it were dead, while the machine slept: it counts once.
    await database.write(lambda db: db.execute("DELETE FROM holds"))
    await unlinked.record(entry(), held_for="a1")
    assert (await unlinked.spent()).requests == 0
    unlinked.leave()
