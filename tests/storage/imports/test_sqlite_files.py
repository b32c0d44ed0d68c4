"""Databases of other programs are read as they are, whole or damaged, and never changed."""

import hashlib
import sqlite3
from contextlib import closing, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groqchat.storage.imports.sqlite_files import read_database
from tests.samples import SAMPLES

DATABASES = sorted([*SAMPLES.glob("*.db"), *SAMPLES.glob("*.sqlite")])
SIZES = {"elia-1.10.0.sqlite": 3, "llm-0.31.1-then-0.36-logs.db": 1, "llm-0.36-logs.db": 6,
         "oterm-0.26.1-store.db": 1}  # fmt: skip


def state(folder):
    """All files of a folder with their content."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("sample", DATABASES, ids=lambda path: path.name)
def test_its_program_is_found_and_nothing_beside_it_changes(changed, sample, tmp_path):
    path = changed(sample.name)
    before = state(tmp_path)
    assert len(read_database(path, 5.0).archives) == SIZES[sample.name]
    assert state(tmp_path) == before


def test_what_its_owner_has_not_written_back_yet_is_read_too(changed, tmp_path):
    path = changed("elia-1.10.0.sqlite", "PRAGMA journal_mode = WAL")
    with closing(sqlite3.connect(path)) as owner:
        owner.execute("UPDATE chat SET title = 'Just now' WHERE id = 1")
        owner.commit()
        before = state(tmp_path)
        assert f"{path.name}-wal" in before
        first = read_database(path, 5.0).archives[0]
        assert first.session.title == "Just now"
        assert state(tmp_path) == before


def test_of_a_file_that_was_cut_off_what_can_be_read_is_imported_and_the_rest_named(changed):
    path = changed("llm-0.36-logs.db")
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 4 // 5)
    reading = read_database(path, 5.0)
    assert reading.failed
    assert all(
        "damaged" in each.reason or "cannot be read" in each.reason for each in reading.failed
    )


def test_a_page_of_noise_costs_its_rows_alone(changed):
    path = changed("elia-1.10.0.sqlite")
    whole = [each.session.id for each in read_database(path, 5.0).archives]
    with closing(sqlite3.connect(path)) as db:
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'message'").fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    reading = read_database(path, 5.0)
    assert whole
    assert [each.where for each in reading.failed] == ["table message"]
    assert reading.archives == []
    assert reading.omitted["empty chat"] == 3


@pytest.mark.parametrize(
    ("statements", "form", "complaint"),
    [
        (["CREATE TABLE t (x)"], None, "it has not the tables of elia, llm or oterm"),
        (["CREATE TABLE t (x)"], "llm", "it has not the tables of llm"),
        (
            [f"CREATE TABLE {name} (x)" for name in ("sessions", "messages", "ledger")],
            None,
            "`groqchat restore`",
        ),
    ],
)
def test_a_database_of_somebody_else_is_refused(tmp_path, statements, form, complaint):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)
    (failed,) = read_database(path, 5.0, form).failed
    assert complaint in failed.reason


def test_what_only_begins_like_a_database_is_refused(tmp_path):
    path = tmp_path / "none.db"
    path.write_bytes(b"SQLite format 3\0" + b"\1" * 200)
    (failed,) = read_database(path, 5.0).failed
    assert "cannot be read" in failed.reason


ODD = (None, -1, 2**62, 1.5, "", "x", "[", '{"a": 1}', b"", b"\xff\x00", "2026-01-01", "[[[[")


@pytest.mark.parametrize("sample", DATABASES, ids=lambda path: path.name)
@settings(max_examples=20)
@given(dice=st.randoms(use_true_random=False))
def test_whatever_stands_in_its_tables_nothing_breaks(sample, tmp_path_factory, dice):
    path = tmp_path_factory.mktemp("odd") / "odd.db"
    path.write_bytes(sample.read_bytes())
    with closing(sqlite3.connect(path)) as db, db:
        tables = db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%,%'"
        )
        names = sorted(name for (name,) in tables if "fts" not in name)
        for _ in range(dice.randint(1, 8)):
            table = dice.choice(names)
            column = dice.choice([row[1] for row in db.execute(f"PRAGMA table_info({table})")])
            some = f"WHERE rowid % 3 = {dice.randint(0, 2)}"
            change = f'UPDATE OR IGNORE {table} SET "{column}" = ? {some}'
            with suppress(sqlite3.Error):
                db.execute(change, (dice.choice(ODD),))
    for archive in read_database(path, 5.0).archives:
        assert archive.branch


@settings(max_examples=20)
@given(dice=st.randoms(use_true_random=False))
def test_whatever_happened_to_its_bytes_nothing_breaks(tmp_path_factory, dice):
    sample = dice.choice(DATABASES)
    data = bytearray(sample.read_bytes())
    for _ in range(dice.choice([1, 10, 300])):
        data[dice.randrange(16, len(data))] = dice.randrange(256)
    path = tmp_path_factory.mktemp("noise") / sample.name
    path.write_bytes(data[: dice.choice([len(data), dice.randrange(16, len(data))])])
    reading = read_database(path, 5.0)
    assert reading.archives or reading.failed or reading.omitted
