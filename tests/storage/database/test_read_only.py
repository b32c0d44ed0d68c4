"""What a database holds that cannot be written to, and what is asked of it."""

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.storage.database.connection import open_file
from groqchat.storage.database.database import Database
from groqchat.storage.database.read_only import wal_of
from groqchat.storage.database.sessions import Sessions
from tests.storage.conftest import session


async def titles(path):
    """The titles in a copy, to which one more is added; the file is not touched."""
    before = {file.name: file.read_bytes() for file in path.parent.glob("*")}
    copy = Database(path, notify=print, as_copy=True)
    try:
        await Sessions(copy).create_session(session("new", title="new"))
        found = [each.title for each in await Sessions(copy).sessions()]
    finally:
        await copy.close()
    assert {file.name: file.read_bytes() for file in path.parent.glob("*")} == before
    return sorted(found)


async def test_a_copy_holds_what_the_file_and_its_side_file_hold(database, store, path):
    await store.create_session(session("s1", title="old"))
    assert wal_of(path).exists()
    assert await titles(path) == ["new", "old"]
    await database.close()
    assert not wal_of(path).exists()
    assert await titles(path) == ["new", "old"]


async def test_a_file_that_is_not_there_or_of_an_older_version_is_no_trouble(tmp_path):
    assert await titles(tmp_path / "nowhere" / "groqchat.db") == ["new"]
    (tmp_path / "groqchat.db").touch()
    assert await titles(tmp_path / "groqchat.db") == ["new"]


async def test_a_file_that_is_damaged_is_told(tmp_path):
    path = tmp_path / "groqchat.db"
    open_file(path).close()
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(StorageError, match="not a database"):
        await titles(path)
