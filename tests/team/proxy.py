"""A network between clients and a server, which can be cut: nothing comes through, nothing ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Proxy:
    """Passes on what comes to a port of the loopback."""

    def __init__(self, target):
        self._target = target
        self._is_cut = False
        self._writers = set()
        self._server = None

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        self._hang_up()

    def cut(self):
        self._is_cut = True

    def mend(self):
        """Let new connections through; those from before are lost."""
        self._is_cut = False
        self._hang_up()

    def _hang_up(self):
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        if self._is_cut:
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        self._writers.add(back)
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader, writer):
        with suppress(OSError):
            while data := await reader.read(65_536):
                if self._is_cut:
                    return
                writer.write(data)
        if not self._is_cut:
            writer.close()
