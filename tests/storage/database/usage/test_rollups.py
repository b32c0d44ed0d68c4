"""Rollups of the ledger: equal to a fold of it whatever happens to it, in every time zone."""

import re
import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groqchat.domain.ledger.sums import Grouping, Sums
from groqchat.domain.money.usage import Usage
from groqchat.storage.database.connection import open_file
from groqchat.storage.database.entries import insert_entry
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.migrations import MIGRATIONS
from groqchat.storage.database.transactions import transaction
from groqchat.storage.database.usage import periods, rollups
from tests.fakes import START
from tests.storage.conftest import entry

DAY = 86_400
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago")
# Around a change of the clocks in two of these zones, and on the edges of days and quarters.
times = st.one_of(
    st.floats(START - 40 * DAY, START + 3 * DAY),
    st.integers(-200, 200).map(lambda number: START // 900 * 900 + 900.0 * number),
    st.integers(-9, 3).map(lambda number: START // DAY * DAY + DAY * float(number)),
    st.just(START + 4000 * DAY),
)
amounts = st.none() | st.decimals(0, 3, places=9) | st.just(Decimal(1) / 3)
entries = st.builds(
    entry,
    times,
    model=st.sampled_from("mn"),
    provider=st.none() | st.just("local"),
    profile=st.sampled_from(["default", "work"]),
    outcome=st.sampled_from(["ok", "stopped", "rate_limited"]),
    usage=st.builds(Usage, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
    cost=amounts,
    saved=amounts,
    session_id=st.sampled_from([None, "s1", "s2"]),
    message_id=st.sampled_from(["a1", "a2"]),
    audio_s=st.sampled_from([0.0, 10.0, 12.34, 0.1, 1 / 3]),
    characters=st.integers(0, 200),
)
changes = st.one_of(
    entries,
    entries,
    st.sampled_from([("s1", "a1"), ("s2", "a2"), ("move", "s1", "s2"), ("move", "s2", "s3")]),
)


@pytest.fixture(params=ZONES)
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def fold(kept):
    """The sums of some entries, added up one after another."""
    used = [
        e
        for e in kept
        if e.usage.prompt_tokens or e.usage.completion_tokens or e.audio_s or e.characters
    ]
    return Sums(
        len(kept),
        sum(e.usage.prompt_tokens for e in kept),
        sum(e.usage.cached_tokens for e in kept),
        sum(e.usage.completion_tokens for e in kept),
        exact(e.cost for e in kept),
        exact(e.saved for e in kept),
        sum(e.cost is None for e in used),
        sum(not e.accepted for e in kept),
        sum(round(e.audio_s * 1_000) for e in kept) / 1_000,
        sum(e.characters for e in kept),
    )


def exact(amounts):
    return Decimal(
        rollups.decimal_total(",".join(str(each) for each in amounts if each is not None))
    )


KEYS = {
    Grouping.MODEL: lambda e: f"{e.model} at {e.provider}" if e.provider else e.model,
    Grouping.PROFILE: lambda e: e.profile,
    Grouping.SESSION: lambda e: e.session_id or "",
    Grouping.DAY: lambda e: datetime.fromtimestamp(e.time).astimezone().date().isoformat(),
}


def change(db, kept, what):
    """Make a change in the database; returns the entries that there are afterwards."""
    match what:
        case ("move", one, other):
            rollups.move_entries(db, one, other)
            return [replace(e, session_id=other) if e.session_id == one else e for e in kept]
        case (session_id, message_id):
            rollups.delete_entries(db, session_id, message_id)
            gone = (session_id, message_id)
            return [e for e in kept if (e.session_id, e.message_id) != gone]
    insert_entry(db, what)
    return [*kept, what]


@pytest.mark.usefixtures("zone")
@settings(max_examples=settings().max_examples // 2)  # in each of five zones
@given(
    made=st.lists(changes, min_size=6, max_size=30),
    since=st.just(0.0) | times,
    until=st.none() | times,
    limit=st.sampled_from([-1, 2]),
)
def test_sums_are_those_of_a_fold_whatever_happens_to_the_ledger(made, since, until, limit):
    with closing(open_file(None)) as db:
        kept = []
        for what in made:
            with transaction(db):
                kept = change(db, kept, what)
        assert rollups.are_right(db)
        within = [e for e in kept if since <= e.time and (until is None or e.time < until)]
        assert periods.spent(db, since, until) == fold(within)
        for name in ("s1", "s2", "s3"):
            own = [e for e in within if e.session_id == name]
            assert periods.spent(db, since, until, name) == fold(own)
        for grouping, key in KEYS.items():
            groups = defaultdict(list)
            for each in sorted(within, key=lambda e: e.time, reverse=True):
                groups[key(each)].append(each)
            shares = periods.shares(db, grouping, since, until, limit)
            expected = {name: fold(group) for name, group in groups.items()}
            if grouping in {Grouping.DAY, Grouping.SESSION}:
                if limit >= 0:
                    expected = dict(list(expected.items())[:limit])
                newest = [groups[share.key][0].time for share in shares]
                assert newest == sorted(newest, reverse=True)
                if grouping is Grouping.SESSION and limit >= 0:  # equal times have no order
                    assert len(shares) == len(expected)
                    continue
            assert {share.key: share.sums for share in shares} == expected
            assert len(shares) == len(expected)


def old_database(path, number):
    """A database of the version before the rollups, with so many entries."""
    old = next(at for at, step in enumerate(MIGRATIONS) if "usage_summed" in "".join(step))
    with closing(open_file(path, steps=MIGRATIONS[:old])) as db, transaction(db):
        db.executemany(
            "INSERT INTO ledger (time, profile, fingerprint, model, outcome, prompt_tokens, "
            "cached_tokens, completion_tokens, reasoning_tokens, estimated, audio_s, cost) "
            "VALUES (?, 'work', 'f', 'm', 'ok', 1, 0, 2, 0, 0, 0, '0.01')",
            [(START + 600 * place,) for place in range(number)],
        )


def test_an_older_database_is_added_up_in_bounded_transactions(path, monkeypatch):
    old_database(path, 95)
    monkeypatch.setattr(rollups.add_new_entries, "__defaults__", (20,))
    told = []
    with closing(open_file(path, upgrading=lambda *at: told.append(at))) as db:
        assert told == [(20, 95), (40, 95), (60, 95), (80, 95), (95, 95)]
        assert rollups.are_right(db)
        assert periods.spent(db, 0.0, None).cost == Decimal("0.95")


def test_an_interrupted_upgrade_goes_on_where_it_was(path, monkeypatch):
    old_database(path, 95)
    monkeypatch.setattr(rollups.add_new_entries, "__defaults__", (20,))
    told = []

    def interrupt(done, end):
        told.append(done)
        if done == 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_file(path, upgrading=interrupt)
    with closing(open_file(path, upgrading=lambda done, _: told.append(done))) as db:
        assert told == [20, 40, 60, 60, 80, 95]
        assert rollups.are_right(db)


async def test_an_upgrade_is_told_by_the_database(path, database, ledger):
    old_database(path, 3)
    told = []
    database.upgrading = lambda *at: told.append(at)
    assert (await ledger.spent()).requests == 3
    assert told == [(3, 3)]


async def test_wrong_sums_are_found_and_mended(ledger, database):
    await ledger.record(entry(cost=Decimal("0.1")))
    assert await ledger.mend_sums()
    await database.write(lambda db: db.execute("UPDATE usage_by_slot SET cost = '0.2'"))
    assert not await ledger.mend_sums()
    assert (await ledger.spent()).cost == Decimal("0.1")
    assert await ledger.mend_sums()


def test_entries_are_written_by_those_who_add_them_up():
    folder = Path(rollups.__file__).parents[1]
    writes = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) ledger\b")
    found = {file.name for file in folder.rglob("*.py") if writes.search(file.read_text())}
    assert found == {"entries.py", "rollups.py", "migrations.py"}


# -- what is read ----------------------------------------------------------------------------------

_NOT_BOUNDED = re.compile(r"\bSCAN (ledger|usage_by_slot|messages|sessions|m|s)\b(?! USING)")


class Plans(sqlite3.Connection):
    """A connection that explains every query that reads the ledger or its sums."""

    seen: list

    def execute(self, sql, *values):
        if sql.lstrip().upper().startswith("SELECT") and "sqlite_master" not in sql:
            plan = super().execute(f"EXPLAIN QUERY PLAN {sql}", *values).fetchall()
            self.seen += [(sql, row[3]) for row in plan]
        return super().execute(sql, *values)


@pytest.fixture
def plans(path, monkeypatch):
    """The steps of the plans of all queries."""
    connect = sqlite3.connect
    Plans.seen = []
    monkeypatch.setattr("sqlite3.connect", lambda *a, **k: connect(*a, **k, factory=Plans))
    return Plans.seen


async def test_sums_and_limits_are_read_by_indexes_alone(plans, ledger: Ledger):
    for number in range(40):
        await ledger.record(entry(START + 1000 * number, session_id=f"s{number}"))
    plans.clear()
    for since, until in ((0.0, None), (START + 5000.5, START + 20 * DAY), (START, START + 10)):
        await ledger.spent(since=since, until=until)
        await ledger.spent(since=since, until=until, session_id="s7")
        for grouping in Grouping:
            await ledger.by(grouping, since=since, until=until, limit=5)
    await ledger.since(START, fingerprint="f", model="m", profiles=("work",))
    assert len(plans) > 30
    assert [step for step in plans if _NOT_BOUNDED.search(step[1])] == []
    by_index = [step for sql, step in plans if "max(number)" not in sql]  # which is at the end
    assert [step for step in by_index if "ledger" in step and "USING" not in step] == []
    assert [step for step in plans if "rowid>" in step[1]] == []  # all numbers, in their order


def test_sound_of_an_older_database_is_added_up_anew(path):
    old = next(at for at, step in enumerate(MIGRATIONS) if "characters" in step[0])
    with closing(open_file(path, steps=MIGRATIONS[:old])) as db, transaction(db):
        db.execute(
            "INSERT INTO ledger (time, profile, fingerprint, model, outcome, prompt_tokens, "
            "cached_tokens, completion_tokens, reasoning_tokens, estimated, audio_s, cost) "
            "VALUES (?, 'work', 'f', 'm', 'ok', 0, 0, 0, 0, 0, 12.5, '0.01')",
            (START,),
        )
    with closing(open_file(path)) as db:
        found = periods.spent(db, 0.0, None)
        assert (found.requests, found.audio_s, found.characters) == (1, 12.5, 0)
        assert rollups.are_right(db)
