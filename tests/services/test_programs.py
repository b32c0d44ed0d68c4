"""Other programs are run within bounds, whatever they print and whoever lives on behind them."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from groqchat.services import programs
from groqchat.services.programs import Ended, TooLongError, heard, run

LONG = 3600.0


def shell(script):
    return ("/bin/sh", "-c", script)


async def test_what_it_reads_prints_and_how_it_ends_is_told():
    script = "cat; echo oh >&2; exit 3"
    ended = await run(shell(script), limit_s=LONG, longest=10, stdin=b"0123456789")
    assert ended == Ended(3, b"0123456789", b"oh\n")
    assert await run(shell("kill -9 $$"), limit_s=LONG) == Ended(-9)
    assert await run(shell("cat; echo x"), limit_s=LONG, stdin=b"x") == Ended(0)


async def test_too_much_is_not_waited_for_and_not_read():
    for script in ("yes", "trap '' TERM; yes | head -c 1000000; sleep 60", "echo 0123456789"):
        with pytest.raises(TooLongError):
            await run(shell(script), limit_s=LONG, longest=10)


async def test_complaints_of_any_length_hold_nothing_up():
    ended = await run(shell("yes | head -c 1000000 >&2; echo x"), limit_s=LONG, longest=3)
    assert ended == Ended(0, b"x\n", b"y\ny\n")


async def test_a_child_that_keeps_the_pipes_open_is_not_waited_for(tmp_path):
    script = f"sleep 60 & echo $! > {tmp_path}/child; yes | head -c 60000"
    ended = await run(shell(script), limit_s=LONG, longest=60_000)
    assert (ended.code, len(ended.stdout)) == (0, 60_000)
    os.kill(int((tmp_path / "child").read_text()), 9)  # it lives on, as an agent would


@pytest.mark.parametrize("stdin", [None, b"x" * 1_000_000], ids=["alone", "fed"])
async def test_a_program_that_does_not_end_is_ended_with_its_children(tmp_path, stdin):
    script = f"trap '' TERM HUP INT; sleep 60 & echo $! > {tmp_path}/child; sleep 60"
    running = asyncio.create_task(run(shell(script), limit_s=LONG, longest=10, stdin=stdin))
    child = await number_in(tmp_path / "child")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await gone(child)
    with pytest.raises(TimeoutError):
        await run(shell(script), limit_s=0.01, longest=10, stdin=stdin)


async def test_a_program_that_is_cancelled_while_it_starts_ends_with_its_children(tmp_path):
    script = f"sleep 60 & echo $! > {tmp_path}/child; sleep 60"
    running = asyncio.create_task(run(shell(script), limit_s=LONG, longest=10))
    for _ in range(3):
        await asyncio.sleep(0)  # the program runs, and asyncio has not heard of that yet
    while not (tmp_path / "child").exists() or not (tmp_path / "child").read_text():
        time.sleep(0.01)  # noqa: ASYNC251 - the event loop is to hear nothing meanwhile
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await gone(int((tmp_path / "child").read_text()))


@pytest.fixture
def listeners(monkeypatch):
    """Those that hear of the programs which a test starts; asyncio tells them later than /proc."""
    made = []

    class Noted(programs._Listener):
        def __init__(self, longest):
            super().__init__(longest)
            made.append(self)

        def connection_made(self, transport):
            self.transport = transport

    monkeypatch.setattr(programs, "_Listener", Noted)
    return made


async def test_who_is_cancelled_again_while_the_program_ends_leaves_nothing_open(
    listeners, monkeypatch
):
    killed = asyncio.Event()
    monkeypatch.setattr(programs, "DEATH_S", 0.05)
    monkeypatch.setattr(programs, "kill_group", lambda _: killed.set())  # it does not end
    running = asyncio.create_task(run(shell("sleep 60"), limit_s=LONG, stdin=b"x"))
    await until(lambda: listeners and hasattr(listeners[0], "transport"))
    running.cancel()
    await killed.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert listeners[0].transport.is_closing()
    await listeners[0].exited


async def test_who_is_cancelled_again_goes_on_once_the_program_has_ended(listeners, monkeypatch):
    killed, kill = asyncio.Event(), programs.kill_group
    monkeypatch.setattr(programs, "kill_group", lambda pid: (kill(pid), killed.set()))
    running = asyncio.create_task(run(shell("sleep 60"), limit_s=LONG))
    await until(lambda: listeners and hasattr(listeners[0], "transport"))
    running.cancel()
    await killed.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert listeners[0].exited.done()


async def test_an_end_that_does_not_come_is_not_waited_for(listeners, monkeypatch):
    """A disk that does not answer keeps a program alive through every signal."""
    monkeypatch.setattr(programs, "DEATH_S", 0.01)
    monkeypatch.setattr(programs, "kill_group", lambda _: None)
    with pytest.raises(TimeoutError):
        await run(shell("sleep 60"), limit_s=0.01)
    await listeners[0].exited  # it was killed in the end


async def test_on_windows_a_program_ends_with_its_children_by_taskkill(
    tmp_path, listeners, monkeypatch
):
    tool, words = tmp_path / "taskkill", tmp_path / "words"
    ending = 'for last; do :; done; kill -9 -- "-$last"'
    tool.write_text(f'#!/bin/sh\necho "$@" > {words}\n{ending}\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delattr(os, "killpg")
    script = f"echo $$ > {tmp_path}/own; sleep 60"
    running = asyncio.create_task(run(shell(script), limit_s=LONG, longest=10))
    own = await number_in(tmp_path / "own")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await listeners[0].exited
    assert words.read_text() == f"/F /T /PID {own}\n"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (r"C:\Tools\op.exe read x", [r"C:\Tools\op.exe", "read", "x"]),
        (r'"C:\Program Files\op.exe" -n "my key"', [r"C:\Program Files\op.exe", "-n", "my key"]),
        ("", []),
    ],
)
def test_backslashes_are_plain_characters_on_windows(command, words):
    assert programs.command_words(command, is_windows=True) == words


def test_the_words_of_a_command_are_split_as_a_shell_does():
    words = programs.command_words(r"pass show\ it 'a b'", is_windows=False)
    assert words == ["pass", "show it", "a b"]
    with pytest.raises(ValueError, match="No closing quotation"):
        programs.command_words("op 'read", is_windows=True)


async def test_no_key_is_in_its_environment(monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", "gsk_" + "0123456789" * 3)
    monkeypatch.setenv("COPY", "gsk_" + "0123456789" * 3)
    looking = "import os; print([value for value in os.environ.values() if 'gsk_' in value])"
    ended = await run((sys.executable, "-c", looking), limit_s=LONG, longest=1000)
    assert ended.stdout.strip() == b"[]"


async def number_in(path):
    await until(lambda: path.exists() and path.read_text().endswith("\n"))
    return int(path.read_text())


async def gone(pid):
    """Wait until a process has ended; as a zombie it has."""

    def has_ended():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True
        return stat.rpartition(")")[2].split()[0] in "ZX"

    await until(has_ended)


async def until(condition):
    while not condition():  # noqa: ASYNC110 - another process makes it come true
        await asyncio.sleep(0.01)


class Said:
    """What a program has said, and an event once some words are among it."""

    def __init__(self, last):
        self.text = b""
        self.enough = asyncio.Event()
        self._last = last

    def hear(self, data):
        self.text += data
        if self._last in self.text:
            self.enough.set()


async def test_a_program_is_heard_while_it_runs_and_asked_to_end():
    said = Said(b"\n")
    script = "trap 'echo rest; exit 0' TERM; echo first; while :; do sleep 0.01; done"
    async with heard(shell(script), said.hear) as program:
        await said.enough.wait()
        assert not program.ended.done()
        await program.finish()
    assert (said.text, program.ended.done()) == (b"first\nrest\n", True)


async def test_a_program_that_is_heard_ends_by_itself_with_its_last_words():
    async with heard(shell("echo a >&2; echo no device >&2; exit 1"), lambda _: None) as program:
        await program.ended
    assert program.last_words == "no device"


async def test_a_program_that_is_heard_gets_no_key_and_leaves_no_child(tmp_path, monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", "gsk_secret")
    said = Said(b"child=")
    script = "trap '' TERM; env; sleep 60 & printf 'child=%s' $!; wait"
    async with heard(shell(script), said.hear):
        await said.enough.wait()
    assert b"gsk_" not in said.text
    await gone(int(said.text.rpartition(b"=")[2]))
