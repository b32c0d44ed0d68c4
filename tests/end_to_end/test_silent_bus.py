"""A message bus that takes every call and answers none: nothing hangs, and it is said."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress

import pytest

from groqchat.domain.profiles import Profile
from groqchat.storage.database.database import Database
from groqchat.storage.keys.profiles import Profiles
from tests.end_to_end.terminal import Terminal

SILENT = "did not answer within"


@pytest.fixture
def silent_bus(monkeypatch, groqchat_home):
    """The bus, and two keys that are known to be in the keyring behind it."""
    asyncio.run(_know("default", "work", home=groqchat_home))
    with tempfile.TemporaryDirectory(prefix="gc-") as folder, socket.socket(socket.AF_UNIX) as bus:
        bus.bind(f"{folder}/bus")
        bus.listen()
        door = threading.Thread(target=_welcome_all, args=(bus,), daemon=True)
        door.start()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={folder}/bus")
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        monkeypatch.setenv("TERM", "xterm-256color")
        yield
        bus.shutdown(socket.SHUT_RDWR)  # which ends its wait for the next guest
        door.join()


def _welcome_all(bus):
    """Let everybody in, and then never say a word; over when all have gone."""
    talks = []
    with suppress(OSError):
        while True:
            guest, _ = bus.accept()
            talks.append(threading.Thread(target=_welcome, args=(guest,), daemon=True))
            talks[-1].start()
    for talk in talks:
        talk.join()


def _welcome(guest):
    with guest, suppress(OSError):
        while words := guest.recv(4096):
            if b"AUTH" in words:
                guest.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
            elif b"NEGOTIATE_UNIX_FD" in words:
                guest.sendall(b"AGREE_UNIX_FD\r\n")


async def _know(*names, home):
    database = Database(home / "groqchat.db", print)
    await database.open()
    for name in names:
        await Profiles(database).save_profile(Profile(name, 0.0))
    await database.close()


@pytest.mark.pty
@pytest.mark.slow
@pytest.mark.usefixtures("silent_bus")
def test_everything_returns_and_says_so():
    command = [sys.executable, "-m", "groqchat", "key", "check", "--all", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ.copy()) as check:
        with Terminal(cold=True) as patient, Terminal(cold=True) as hurried:
            hurried.wait_for("Ask anything")
            assert SILENT not in hurried.text
            hurried.press("\x11")  # Ctrl+Q, while the keyring is still waited for
            assert hurried.wait_exit(20) == 0  # D-Bus itself gives up after 25 s
            patient.wait_for("API key", SILENT, seconds=20)
        told = json.loads(check.communicate()[0])
    assert check.returncode == 10
    assert [each["profile"] for each in told] == ["default (keyring)", "work (keyring)"]
    assert all(SILENT in each["message"] for each in told)
