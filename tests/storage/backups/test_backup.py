"""A copy of the database is whole or not there, whoever writes meanwhile and however it ends."""

import signal
import sqlite3
from contextlib import closing

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.storage.backups import backup
from groqchat.storage.backups.backup import back_up
from groqchat.storage.backups.copies import UnusableFileError
from groqchat.storage.database import database_file
from tests.storage.backups.conftest import FULL, end, files, fill, names, run

MAKING = """
import os, signal, sys
from pathlib import Path
from groqchat.storage.backups import backup
backup._STEPS = 100
def progress(done, size):
    {act}
backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]), progress=progress)
"""


def test_a_copy_has_all_that_the_database_has(database, tmp_path):
    target = tmp_path / "copy.db"
    told = back_up(database, target)
    assert (told.sessions, told.messages, told.bytes) == (2, 4, target.stat().st_size)
    assert names(target) == names(database) == ["s1", "s2"]
    assert target.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(target)) as copy, closing(sqlite3.connect(database)) as db:
        for table in ("messages", "sessions", "ledger", "search_index"):
            query = f"SELECT * FROM {table}"
            assert copy.execute(query).fetchall() == db.execute(query).fetchall()
        assert (
            copy.execute("PRAGMA user_version").fetchone()
            == db.execute("PRAGMA user_version").fetchone()
        )


def test_what_another_groqchat_has_just_written_is_in_it(database, other, tmp_path):
    assert database.with_name("groqchat.db-wal").stat().st_size
    back_up(database, tmp_path / "copy.db")
    end(other)
    assert names(tmp_path / "copy.db") == ["late", "s1", "s2"]


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked(database, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(UnusableFileError, match="is there already; --force replaces it"):
        back_up(database, target)
    assert target.read_text() == "mine"
    back_up(database, target, force=True)
    assert names(target) == ["s1", "s2"]
    assert files(tmp_path) == ["copy.db", "home"]


def test_a_file_that_appears_meanwhile_stays(database, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_STEPS", 100)
    target = tmp_path / "copy.db"
    fill(database, "big", words="word " * 50_000)

    def meanwhile(*_):
        target.write_text("mine")

    with pytest.raises(UnusableFileError, match="is there already"):
        back_up(database, target, progress=meanwhile)
    assert (target.read_text(), files(tmp_path)) == ("mine", ["copy.db", "home"])


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("home", "is a folder"),
        ("home/groqchat.db", "is the database itself"),
        ("none/copy.db", "its folder does not exist"),
    ],
)
def test_a_name_that_cannot_be_is_refused_even_by_force(database, tmp_path, name, complaint):
    with pytest.raises(UnusableFileError, match=complaint):
        back_up(database, tmp_path / name, force=True)
    assert names(database) == ["s1", "s2"]


def test_without_a_database_nothing_is_written(tmp_path):
    with pytest.raises(UnusableFileError, match="there is no database yet"):
        back_up(tmp_path / "groqchat.db", tmp_path / "copy.db")
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT),
    ],
)
def test_whatever_ends_it_in_the_middle_nothing_is_left_that_looks_like_a_copy(
    database, tmp_path, act, code
):
    target = tmp_path / "copy.db"
    fill(database, "big", words="word " * 50_000)
    done = run(MAKING.format(act=act), database, target)
    assert done.returncode == code, done.stderr
    assert not target.exists()
    if code == -signal.SIGINT:
        assert files(tmp_path) == ["home"]
    back_up(database, target)
    assert names(target) == names(database) == ["big", "s1", "s2"]
    assert ".copy.db.partial" not in files(tmp_path)


@pytest.mark.parametrize(
    ("before", "complaint"), [(FULL, "full|I/O|too large"), ("", "Permission denied")]
)
def test_a_disk_that_takes_no_copy_is_told_with_the_name_of_the_copy(
    database, tmp_path, before, complaint
):
    fill(database, "big", words="word " * 50_000)
    folder = tmp_path / "out"
    folder.mkdir(mode=0o500)
    if before == FULL:
        folder.chmod(0o700)
    code = before + (
        "import sys\nfrom pathlib import Path\n"
        "from groqchat.domain.errors.tree import StorageError\n"
        "from groqchat.storage.backups.backup import back_up\n"
        "try:\n    back_up(*map(Path, sys.argv[1:]))\n"
        "except StorageError as error:\n    print(error.cause.name, error.message)\n"
    )
    done = run(code, database, folder / "copy.db", is_humble=not before)
    assert done.stdout.startswith("disk "), done.stderr
    assert str(folder / "copy.db") in done.stdout
    assert any(words in done.stdout for words in complaint.split("|")), done.stdout
    folder.chmod(0o700)
    assert [name for name in files(folder) if not name.endswith(".lock")] == []
    assert names(database) == ["big", "s1", "s2"]


def test_a_database_on_a_read_only_disk_is_copied_too(database, tmp_path, monkeypatch):
    def refuse(folder):
        raise failure("disk", detail=f"{folder}: Read-only file system")

    monkeypatch.setattr(database_file, "make_private_folder", refuse)
    back_up(database, tmp_path / "copy.db")
    monkeypatch.undo()
    assert names(tmp_path / "copy.db") == ["s1", "s2"]


def test_a_damaged_copy_is_no_copy(database, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "is_whole", lambda _: False)
    with pytest.raises(StorageError, match="is damaged"):
        back_up(database, tmp_path / "copy.db")
    assert files(tmp_path) == ["home"]


def test_a_repair_on_the_way_is_told(database, tmp_path):
    data = bytearray(database.read_bytes())
    data[100:120] = b"\xff" * 20
    database.write_bytes(data)
    notices = []
    back_up(database, tmp_path / "copy.db", notify=notices.append)
    (notice,) = notices
    assert notice.startswith("The database was damaged and has been moved to ")
    assert names(tmp_path / "copy.db") == names(database)


def test_a_copy_is_written_where_a_link_leads(database, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "real.db").write_text("old")
    (tmp_path / "link.db").symlink_to(tmp_path / "out" / "real.db")
    back_up(database, tmp_path / "link.db", force=True)
    assert (tmp_path / "link.db").is_symlink()
    assert names(tmp_path / "out" / "real.db") == ["s1", "s2"]


def test_a_home_that_nobody_may_write_to_is_backed_up(database, tmp_path):
    database.parent.chmod(0o500)
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from groqchat.storage.backups.backup import back_up\nback_up(*map(Path, sys.argv[1:]))\n"
    )
    done = run(code, database, tmp_path / "copy.db", is_humble=True)
    database.parent.chmod(0o700)
    assert done.returncode == 0, done.stderr
    assert names(tmp_path / "copy.db") == ["s1", "s2"]
    assert files(database.parent) == ["groqchat.db"]
