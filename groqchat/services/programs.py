"""Runs other programs within limits of time and output, and ends what they leave running."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar, cast

from groqchat.domain.text.secret import without_keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence

T = TypeVar("T", bound="_Listener")

DEATH_S = 1.0
"""The longest wait for the end of a program that was killed, in seconds."""
NEW_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""The creation flag of Windows that keeps Ctrl+C from a program; 0 elsewhere."""
# What it printed is read at once when it ends; only a child of its own can keep the pipes open.
_REST_S = 0.2
_MOST_COMPLAINTS = 64 * 1024


class Ended(NamedTuple):
    """The end of a program. ``code`` is its exit code, or minus the signal that ended it."""

    code: int
    stdout: bytes = b""
    stderr: bytes = b""


class TooLongError(Exception):
    """A program printed more than it may."""


async def run(
    words: Sequence[str],
    *,
    limit_s: float,
    longest: int | None = None,
    stdin: bytes | None = None,
    own_session: bool = False,
) -> Ended:
    """Run a program without a shell and without our keys, until it ends by itself.

    The end of the program counts, not that of its pipes: a child of its own may hold those for
    longer, and lives on. A program that takes too long or prints too much is killed with its
    children.

    Args:
        words: The program and its arguments.
        limit_s: The longest time it may take, in seconds.
        longest: The most bytes it may print; of stderr no more are kept. None: nothing is read.
        stdin: The bytes it reads; None is nothing.
        own_session: Whether it is to outlive the terminal.

    Raises:
        TimeoutError: It did not end in time.
        TooLongError: It printed more than ``longest``.
        OSError: It cannot be started.
        ValueError: Its words hold what no argument can.
    """
    listening = partial(_Listener, longest or 0)
    output = DEVNULL if longest is None else PIPE
    transport, listener = await _started(
        words, listening, output, reads_stdin=stdin is not None, own_session=own_session
    )
    try:
        async with asyncio.timeout(limit_s):
            _feed(transport, stdin)
            await listener.settled
        if not listener.has_too_much:
            await asyncio.wait((listener.closed,), timeout=_REST_S)
        if listener.has_too_much:
            raise TooLongError
    finally:
        await _release(transport, listener)
    return Ended(transport.get_returncode() or 0, *map(bytes, listener.read.values()))


async def _started(
    words: Sequence[str],
    listening: Callable[[], T],
    output: int,
    *,
    reads_stdin: bool = False,
    own_session: bool = False,
) -> tuple[asyncio.SubprocessTransport, T]:
    """Start a program; where the start is cancelled, the program ends with its children.

    asyncio alone would end the program and leave its children.
    """
    starting = asyncio.ensure_future(
        asyncio.get_running_loop().subprocess_exec(
            listening,
            *words,
            stdin=PIPE if reads_stdin else DEVNULL,
            stdout=output,
            stderr=output,
            env=without_keys(os.environ),
            # In a group of its own it hears no Ctrl+C, reads nothing typed, ends as a whole.
            process_group=None if own_session else 0,
            creationflags=NEW_GROUP,
            start_new_session=own_session,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(OSError, ValueError):
            await _release(*await starting)
        raise


class Heard(Protocol):
    """A program whose output is heard while it runs."""

    @property
    def ended(self) -> asyncio.Future[None]:
        """A future that is done once the program has ended and all its output was heard."""

    @property
    def last_words(self) -> str:
        """The last line of what it wrote to stderr."""

    async def finish(self) -> None:
        """Ask the program to end, and hear the rest of its output, for a second at most."""


@asynccontextmanager
async def heard(words: Sequence[str], hear: Callable[[bytes], None]) -> AsyncIterator[Heard]:
    """Run a program without a shell and without our keys, for as long as the block runs.

    It is killed at the end of the block, with its children.

    Args:
        words: The program and its arguments.
        hear: Told each piece of its output, at once; no output is kept.

    Raises:
        OSError: It cannot be started.
    """
    transport, listener = await _started(words, partial(_Hearer, hear), PIPE)
    listener.pid = transport.get_pid()
    try:
        yield listener
    finally:
        # A child of its own would go on.
        kill_group(listener.pid)
        await _release(transport, listener)


def kill_group(pid: int) -> None:
    """Kill a program that leads a group, together with its children."""
    with suppress(OSError, subprocess.TimeoutExpired):  # the program has ended, or is not ours
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:  # Windows kills no groups; its own tool kills the tree of children
            words = ("taskkill", "/F", "/T", "/PID", str(pid))
            subprocess.run(words, stdout=DEVNULL, stderr=DEVNULL, timeout=DEATH_S, check=False)  # noqa: S603 - no shell, and a number


def command_words(command: str, *, is_windows: bool = sys.platform == "win32") -> list[str]:
    """The program and the arguments of a command line that the user has written.

    Args:
        command: The command line; words with spaces stand in quotation marks.
        is_windows: Whether a backslash is a plain character, as in the paths of Windows.

    Raises:
        ValueError: A quotation mark is not closed.
    """
    if not is_windows:
        return shlex.split(command)
    return [word.strip("\"'") for word in shlex.split(command, posix=False)]


class _Listener(asyncio.SubprocessProtocol):
    """Keeps the output of a program up to a limit; reads on beyond it, so that no write waits."""

    def __init__(self, longest: int) -> None:
        new_future = asyncio.get_running_loop().create_future
        self._longest = longest
        self.read = {1: bytearray(), 2: bytearray()}
        self.exited: asyncio.Future[None] = new_future()
        # The program has ended or printed too much.
        self.settled: asyncio.Future[None] = new_future()
        # The program has ended, and so have all children that hold its pipes.
        self.closed: asyncio.Future[None] = new_future()

    @property
    def has_too_much(self) -> bool:
        return len(self.read[1]) > self._longest

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        read = self.read[fd]
        read += data[: self._longest + 1 - len(read)]
        if self.has_too_much:
            _resolve(self.settled)

    def process_exited(self) -> None:
        _resolve(self.exited)
        _resolve(self.settled)

    def connection_lost(self, _: Exception | None) -> None:
        _resolve(self.closed)


class _Hearer(_Listener):
    """Hands the output of a program on, and keeps the beginning of its stderr."""

    def __init__(self, hear: Callable[[bytes], None]) -> None:
        super().__init__(_MOST_COMPLAINTS)
        self._hear = hear
        self.pid = 0

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 1:
            self._hear(data)
        else:
            super().pipe_data_received(fd, data)

    @property
    def ended(self) -> asyncio.Future[None]:
        return self.closed

    @property
    def last_words(self) -> str:
        lines = self.read[2].decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else ""

    async def finish(self) -> None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.pid, signal.SIGTERM)
            else:
                kill_group(self.pid)
        await asyncio.wait((self.closed,), timeout=DEATH_S)


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _feed(transport: asyncio.SubprocessTransport, text: bytes | None) -> None:
    pipe = cast("asyncio.WriteTransport | None", transport.get_pipe_transport(0))
    if pipe is not None and text is not None:
        pipe.write(text)
        pipe.write_eof()


async def _release(transport: asyncio.SubprocessTransport, listener: _Listener) -> None:
    """Kill the program if it still runs, and close its pipes, also where the wait is cancelled.

    The loop may close as soon as this returns: a program whose end it has not heard of stays a
    zombie.
    """
    try:
        if transport.get_returncode() is None:
            kill_group(transport.get_pid())
            await _uninterrupted(asyncio.wait((listener.exited,), timeout=DEATH_S))
    finally:
        pipe = cast("asyncio.WriteTransport | None", transport.get_pipe_transport(0))
        if pipe is not None and pipe.get_write_buffer_size():
            pipe.abort()  # closed, it would wait for somebody to read the rest
        transport.close()


async def _uninterrupted(work: Coroutine[object, object, object]) -> None:
    """Wait for something short to its end; who is cancelled meanwhile is so afterwards."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
