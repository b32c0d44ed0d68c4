"""A copy takes the place of the database in one step, and the database before is never lost."""

import signal
import sqlite3
import time
from contextlib import closing

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.storage.backups.backup import back_up
from groqchat.storage.backups.copies import UnusableFileError
from groqchat.storage.backups.restore import restore
from groqchat.storage.database.migrations import MIGRATIONS
from tests.samples import SAMPLES
from tests.storage.backups.conftest import FULL, end, files, fill, names, run, started

STAMP = "20260102-030405"
ASIDE = f"groqchat.db.before-restore-{STAMP}"
RESTORING = """
import os, signal, sys
from pathlib import Path
from groqchat.domain.errors.tree import StorageError
from groqchat.storage.backups import restore
{before}
try:
    restore.restore(Path(sys.argv[1]), Path(sys.argv[2]), "20260102-030405")
except StorageError as error:
    print(error.cause.name, error.message)
"""


@pytest.fixture
def copy(database, tmp_path):
    """A backup, after which one more session came and another went."""
    back_up(database, tmp_path / "copy.db")
    fill(database, "new")
    return tmp_path / "copy.db"


def test_the_copy_is_in_place_and_the_database_before_is_whole(database, copy):
    before = copy.read_bytes()
    done = restore(copy, database, STAMP)
    assert (done.contents.sessions, done.contents.messages) == (2, 4)
    assert done.moved_aside == database.with_name(ASIDE)
    assert names(database) == ["s1", "s2"]
    assert names(done.moved_aside) == ["new", "s1", "s2"]
    assert copy.read_bytes() == before
    assert database.stat().st_mode & 0o777 == 0o600
    again = restore(copy, database, STAMP)
    assert again.moved_aside == database.with_name(f"{ASIDE}-2")
    assert files(database.parent) == ["groqchat.db", ASIDE, f"{ASIDE}-2"]


def test_where_there_was_no_database_there_is_one_now(copy, tmp_path):
    place = tmp_path / "elsewhere" / "groqchat.db"
    assert restore(copy, place, STAMP).moved_aside is None
    assert names(place) == ["s1", "s2"]


def test_not_while_another_groqchat_runs(database, copy, other):
    with pytest.raises(StorageError) as refused:
        restore(copy, database, STAMP)
    assert refused.value.cause.name == "database_in_use"
    assert files(database.parent) == ["groqchat.db", "groqchat.db-shm", "groqchat.db-wal"]
    end(other)
    assert names(database) == ["late", "new", "s1", "s2"]
    restore(copy, database, STAMP)
    assert names(database) == ["s1", "s2"]


def test_who_starts_meanwhile_opens_what_is_restored(database, copy):
    waiting = "restore._write_back = lambda *_: (print('exchanging', flush=True), input())"
    code = RESTORING.format(before=waiting)
    with started(code, copy, database) as restoring:
        assert restoring.stdout.readline() == "exchanging\n"
        opening = (
            "import sys\nfrom pathlib import Path\n"
            "from tests.storage.backups.conftest import names\n"
            "print('opening', flush=True)\nprint(names(Path(sys.argv[1])))\n"
        )
        with started(opening, database) as other:
            assert other.stdout.readline() == "opening\n"
            time.sleep(0.2)  # it would have opened the database by now
            restoring.stdin.write("\n")
            restoring.stdin.close()
            assert other.stdout.readline() == "['s1', 's2']\n"
            assert other.wait(timeout=60) == restoring.wait(timeout=60) == 0


def test_what_a_killed_groqchat_had_not_written_back_is_kept_with_the_database_before(
    database, copy, other
):
    other.kill()
    other.wait()
    done = restore(copy, database, STAMP)
    assert names(database) == ["s1", "s2"]
    assert names(done.moved_aside) == ["late", "new", "s1", "s2"]


def test_a_damaged_database_is_moved_aside_as_it_is(database, copy):
    database.write_bytes(b"SQLite format 3\0" + b"nonsense" * 4000)
    damaged = database.read_bytes()
    done = restore(copy, database, STAMP)
    assert names(database) == ["s1", "s2"]
    assert done.moved_aside.read_bytes() == damaged


def break_page(path):
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 2)


def make_newer(path):
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def cut(path):
    path.write_bytes(path.read_bytes()[:9000])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (break_page, "is damaged"),
        (cut, "is damaged"),
        (make_newer, "was written by a newer groqchat"),
        (lambda path: path.write_bytes(b""), "is no database of groqchat"),
        (lambda path: path.write_text("words"), "is no database of groqchat"),
        (lambda path: path.write_bytes((SAMPLES / "elia-1.10.0.sqlite").read_bytes()),
            "is no database of groqchat"),
        (lambda path: path.unlink(), "cannot be read: No such file"),
    ],
)  # fmt: skip
def test_what_is_no_sound_copy_changes_nothing(database, copy, change, complaint):
    change(copy)
    with pytest.raises(UnusableFileError, match=complaint):
        restore(copy, database, STAMP)
    assert files(database.parent) == ["groqchat.db"]
    assert names(database) == ["new", "s1", "s2"]


def test_the_database_itself_is_no_copy(database):
    with pytest.raises(UnusableFileError, match="is the database itself"):
        restore(database, database, STAMP)


KILL = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.parametrize(
    ("before", "there"),
    [
        (f"restore._checked = lambda *_: {KILL}", ["new", "s1", "s2"]),
        (f"restore._write_back = lambda *_: {KILL}", ["new", "s1", "s2"]),
        (f"os.link = lambda *_: {KILL}", ["new", "s1", "s2"]),
        (f"Path.replace = lambda *_: {KILL}", ["new", "s1", "s2"]),
        (f"restore.flush_folder = lambda *_: {KILL}", ["s1", "s2"]),
    ],
)
def test_killed_at_any_step_there_is_the_one_database_or_the_other(database, copy, before, there):
    done = run(RESTORING.format(before=before), copy, database)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert names(database) == there
    if there == ["s1", "s2"]:
        assert names(database.with_name(ASIDE)) == ["new", "s1", "s2"]
    restore(copy, database, "later")
    assert names(database) == ["s1", "s2"]
    assert not [name for name in files(database.parent) if name.startswith(".")]


def test_without_hard_links_it_is_moved(database, copy, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    done = restore(copy, database, STAMP)
    assert names(database) == ["s1", "s2"]
    assert names(done.moved_aside) == ["new", "s1", "s2"]
    back_up(database, database.parent.parent / "again.db")
    assert names(database.parent.parent / "again.db") == ["s1", "s2"]


@pytest.mark.parametrize(
    ("before", "complaint"), [(FULL, "File too large"), ("", "Permission denied")]
)
def test_a_disk_that_takes_no_copy_leaves_the_database_as_it_is(database, copy, before, complaint):
    if not before:
        database.parent.chmod(0o500)
    done = run(RESTORING.format(before=before), copy, database, is_humble=not before)
    database.parent.chmod(0o700)
    assert done.stdout.startswith("disk "), done.stderr
    assert complaint in done.stdout
    assert files(database.parent) == ["groqchat.db"]
    assert names(database) == ["new", "s1", "s2"]


def test_a_database_behind_a_link_is_exchanged_where_it_is(database, copy, tmp_path):
    (tmp_path / "linked").mkdir()
    link = tmp_path / "linked" / "groqchat.db"
    link.symlink_to(database)
    done = restore(copy, link, STAMP)
    assert done.moved_aside == database.with_name(ASIDE)
    assert link.is_symlink()
    assert names(database) == ["s1", "s2"]
