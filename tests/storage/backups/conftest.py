"""A database with sessions, and programs that use it beside the test."""

import asyncio
import subprocess
import sys
from contextlib import closing

import pytest

from groqchat.domain.sessions.archive import Archive
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.storage.conftest import prompt, reply, session

# Gives the right of root up to write where nobody may (CAP_DAC_OVERRIDE), for what is run next.
WITHOUT_RIGHTS = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
# No file may grow beyond this: SQLite and Python then fail as on a full disk.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"


def talk(name, words):
    """A session of a prompt and an answer."""
    asked, answered = f"{name}-q", f"{name}-a"
    said = (prompt(asked, None, "why?", name), reply(answered, asked, words, name))
    return Archive(session(name, leaf_id=answered), said)


def fill(path, *names, words="because " * 20):
    """Add sessions to a database."""

    async def add():
        database = Database(path, print)
        await Sessions(database).add_archives([talk(name, words) for name in names])
        await database.close()

    asyncio.run(add())
    return path


def names(path):
    """The ids of the sessions in a database, opened as the program does."""

    async def read():
        told = []
        database = Database(path, told.append)
        found = await Sessions(database).sessions()
        await database.close()
        assert told == []
        return sorted(each.id for each in found)

    return asyncio.run(read())


@pytest.fixture
def database(tmp_path):
    """A database in a folder of its own, with two sessions."""
    return fill(tmp_path / "home" / "groqchat.db", "s1", "s2")


@pytest.fixture
def other(database):
    """Another groqchat that has the database open, until its stdin ends."""
    code = """
import asyncio, sys
from pathlib import Path
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.storage.backups.conftest import talk

async def main():
    database = Database(Path(sys.argv[1]), print)
    await Sessions(database).add_archives([talk("late", "just now")])
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await database.close()

asyncio.run(main())
"""
    with started(code, database) as child, closing(child.stdin):
        assert child.stdout.readline() == "open\n"
        yield child


def started(code, *arguments):
    """A process that runs code, to be talked to."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **pipes)


def end(child):
    """Let the other program end."""
    child.stdin.close()
    assert child.wait(timeout=60) == 0


def run(code, *arguments, is_humble=False):
    """Run code in a process of its own, which may have no rights beyond those of the files."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    if is_humble:
        command = [sys.executable, "-c", WITHOUT_RIGHTS, *command]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def files(folder):
    """The names of what is in a folder."""
    return sorted(path.name for path in folder.iterdir())
