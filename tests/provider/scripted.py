"""A server that sends exactly the bytes it is told to, for what the simulator cannot do."""

from __future__ import annotations

import asyncio
import json

RESET = object()
"""In a script: a TCP reset."""
HOLD = object()
"""In a script: silence until the client goes away."""

OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def compact(value: object, *, ascii_only: bool = True) -> bytes:
    """JSON as Groq writes it, without blanks."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=ascii_only)
    return text.encode("utf-8", "replace")


def event(value: object) -> bytes:
    return b"data: " + compact(value) + b"\n\n"


def delta(reason=None, **fields) -> bytes:
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": reason}]})


def reply(status: str, body: bytes = b"", **headers) -> bytes:
    named = {"content-length": len(body), **headers}
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class ScriptedServer:
    """Plays one script for each request: bytes to send, an event to wait for, RESET or HOLD."""

    def __init__(self):
        self.scripts = []
        self.heads = []
        self.bodies = []
        self.connections = 0
        self.is_asked = asyncio.Event()
        self.is_left = asyncio.Event()

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._tasks = set()
        return self

    async def __aexit__(self, *_):
        self._server.close()
        await self.hang_up()
        await self._server.wait_closed()

    def play(self, *script):
        self.scripts.append(script)

    async def hang_up(self):
        """Close what connections there are, and see them closed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _accept(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        self.connections += 1
        try:
            while not writer.is_closing():
                await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            self.is_left.set()
        finally:
            writer.close()
            self._tasks.discard(asyncio.current_task())

    async def _answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        fields = {name.lower(): value for name, value in fields.items()}
        self.bodies.append(await reader.readexactly(int(fields.get("content-length", 0))))
        self.is_asked.set()
        for step in self.scripts.pop(0):
            if step is RESET:
                writer.transport.abort()
                return
            if step is HOLD:
                await reader.readexactly(1)
            elif isinstance(step, asyncio.Event):
                await step.wait()
            else:
                writer.write(step)
                await writer.drain()
