"""A server that runs as a program of ours, and the messages on its pipes.

The SDK has a transport of its own, which reads a line without an end into memory, gives the
program the terminal for its errors, and does not tell how it ended.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from groqchat.domain.text.humanize import counted
from groqchat.mcp.results import lines_of
from groqchat.services.programs import NEW_GROUP, kill_group

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Mapping

    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
    from mcp.shared.message import SessionMessage

    from groqchat.domain.tools.servers import McpServer

    Streams = tuple[
        MemoryObjectReceiveStream[SessionMessage | Exception],
        MemoryObjectSendStream[SessionMessage],
    ]

# The longest message of a server, in bytes. All of it is in memory while it is read.
LONGEST_LINE: Final = 8 * 1024 * 1024
# Lines that are no messages; some servers print a few, none prints so many by mistake.
MOST_STRAY_LINES: Final = 10_000
# Messages since the last of ours: progress is told often, but a flood would slow everything down.
MOST_MESSAGES: Final = 10_000
# What is kept of its stderr, in bytes, and shown of that, in characters.
KEPT_COMPLAINTS: Final = 8 * 1024
SHOWN_COMPLAINTS: Final = 240
# The time to end by itself once its stdin is closed, in seconds.
GRACE_S: Final = 2.0
# From the end of its output to its own, in seconds.
SETTLE_S: Final = 0.5
_NAMED: Final = ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER")
_NAMED_ON_WINDOWS: Final = (
    *("APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATH", "PATHEXT"),
    *("PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "USERNAME", "USERPROFILE"),
)


def environment_of(
    server: McpServer, ours: Mapping[str, str], *, is_windows: bool = sys.platform == "win32"
) -> dict[str, str]:
    """What of our environment a server gets: what every program needs, and what the user names."""
    names = (*(_NAMED_ON_WINDOWS if is_windows else _NAMED), *server.env)
    return {name: ours[name] for name in names if name in ours}


class Program:
    """The program of a server, from its start to its end.

    Attributes:
        reason: Why it was cut off, as the end of a sentence; empty where it was not.
    """

    def __init__(self, server: McpServer) -> None:
        self._server = server
        self._process: Process | None = None
        self._complaints = bytearray()
        self._stray = self._heard = 0
        self.reason = ""

    @property
    def pid(self) -> int | None:
        """The id of the process while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    @property
    def ending(self) -> str:
        """How it ended, as the end of a sentence, and the last that it wrote to stderr."""
        code = self._process.returncode if self._process else None
        how = self.reason or ("it ended" if code is None else f"it ended with exit code {code}")
        if code is not None and code < 0 and not self.reason:
            how = f"it was ended by signal {-code}"
        last = self.complaints
        return f"{how}; its last words: {last}" if last else how

    @property
    def complaints(self) -> str:
        """The last lines of its stderr, on one line."""
        lines = list(lines_of(self._complaints.decode("utf-8", "replace")))
        return " / ".join(lines[-2:])[-SHOWN_COMPLAINTS:]

    async def settle(self) -> None:
        """Wait a moment for its end, where it has closed its pipes."""
        if self._process is not None and not self.reason:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), SETTLE_S)

    @asynccontextmanager
    async def streams(self) -> AsyncGenerator[Streams, None]:
        """Run it for as long as the block runs; gives the streams of a transport of the SDK.

        Raises:
            OSError: It cannot be started.
        """
        import anyio

        process = self._process = await self._started()
        heard, hearing = anyio.create_memory_object_stream["SessionMessage | Exception"](0)
        said, saying = anyio.create_memory_object_stream["SessionMessage"](0)
        tasks = [
            asyncio.create_task(self._read(process, heard)),
            asyncio.create_task(self._write(process, saying)),
            asyncio.create_task(self._keep_complaints(process)),
        ]
        try:
            yield hearing, said
        finally:
            hearing.close()
            said.close()
            await asyncio.shield(self._ended(process, tasks))

    async def _started(self) -> Process:
        words = self._server.command
        environment = environment_of(self._server, os.environ)
        program = words[0]
        if sys.platform == "win32":  # npx and its like are scripts there, found by their endings
            program = shutil.which(program, path=environment.get("PATH")) or program
        return await asyncio.create_subprocess_exec(
            program,
            *words[1:],
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            cwd=self._server.cwd or None,
            limit=LONGEST_LINE,
            # In a session of its own it has no terminal to write on, and hears no Ctrl+C.
            start_new_session=True,
            creationflags=NEW_GROUP,
        )

    async def _read(
        self, process: Process, heard: MemoryObjectSendStream[SessionMessage | Exception]
    ) -> None:
        """Hand on what it says; whatever is no message is dropped."""
        import anyio

        output = process.stdout
        assert output is not None  # noqa: S101 - a pipe was asked for
        async with heard:
            with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):
                while not self.reason:
                    try:
                        line = await output.readline()
                    except ValueError:  # longer than the limit of the reader
                        self.reason = f"it sent more than {LONGEST_LINE // 2**20} MB at once"
                        return
                    if not line:
                        return
                    message = _message(line)
                    self._count(is_message=message is not None)
                    if message is not None:
                        await heard.send(message)

    def _count(self, *, is_message: bool) -> None:
        """Count a line, and cut the program off where there are too many."""
        self._heard += is_message
        self._stray += not is_message
        if self._heard > MOST_MESSAGES:
            self.reason = f"it sent more than {counted(MOST_MESSAGES, 'message')} for one request"
        elif self._stray > MOST_STRAY_LINES:
            lines = counted(MOST_STRAY_LINES, "line")
            self.reason = f"it printed more than {lines} that are no messages"

    async def _write(
        self, process: Process, saying: MemoryObjectReceiveStream[SessionMessage]
    ) -> None:
        import anyio

        stdin = process.stdin
        assert stdin is not None  # noqa: S101 - a pipe was asked for
        async with saying:
            with suppress(OSError, anyio.ClosedResourceError):
                async for each in saying:
                    self._heard = 0
                    text = each.message.model_dump_json(by_alias=True, exclude_unset=True)
                    stdin.write(text.encode("utf-8", "replace") + b"\n")
                    await stdin.drain()

    async def _keep_complaints(self, process: Process) -> None:
        assert process.stderr is not None  # noqa: S101 - a pipe was asked for
        while piece := await process.stderr.read(KEPT_COMPLAINTS):
            self._complaints += piece
            del self._complaints[:-KEPT_COMPLAINTS]

    async def _ended(self, process: Process, tasks: list[asyncio.Task[None]]) -> None:
        """Let it end by itself for a moment, then kill it with its children."""
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 0 if self.reason else GRACE_S)
        kill_group(process.pid)
        await process.wait()
        await asyncio.wait(tasks, timeout=GRACE_S / 10)
        for task in tasks:
            task.cancel()


def _message(line: bytes) -> SessionMessage | None:
    from mcp.shared.message import SessionMessage
    from mcp_types import jsonrpc_message_adapter

    text = line.decode("utf-8", "replace")
    if not text.lstrip().startswith("{"):
        return None
    with suppress(ValueError):
        return SessionMessage(jsonrpc_message_adapter.validate_json(text, by_name=False))
    return None
