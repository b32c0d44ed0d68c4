"""An HTTP/1.1 connection of the server, with the ways to break it on purpose."""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

from groqchat.simulator.exchange import Reply, Request, json_reply

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping

    from groqchat.simulator.exchange import Exchange

    Handler = Callable[[Exchange], Awaitable[None]]

# The largest upload that Groq documents (a batch file or audio on a paid plan).
LARGEST_BODY = 100 * 1024 * 1024
_READ = 64 * 1024


class BodyTooLargeError(Exception):
    """A request body that is larger than the server accepts."""


class Connection:
    """A connection that serves requests one after another until either side closes it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._handler = handler
        self._protocol = h11.Connection(h11.SERVER)
        self._request = Request("", "", {}, {}, b"")

    async def serve(self) -> None:
        """Serve until the connection ends; a client that disconnects is no error."""
        with contextlib.suppress(ConnectionError):
            try:
                while await self._serve_one():
                    self._protocol.start_next_cycle()
            finally:
                await self._close()

    async def _serve_one(self) -> bool:
        """Answer one request; returns False when the connection has to close."""
        try:
            request = await self._receive()
        except (h11.RemoteProtocolError, BodyTooLargeError) as problem:
            await self._refuse(problem)
            return False
        if request is None:
            return False
        self._request = request
        await self._handler(self)
        return self._protocol.our_state is h11.DONE and self._protocol.their_state is h11.DONE

    async def _refuse(self, problem: Exception) -> None:
        if self._protocol.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return
        status = 413 if isinstance(problem, BodyTooLargeError) else 400
        await self.reply(json_reply({"error": {"message": str(problem)}}, status))

    async def _receive(self) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = self._protocol.next_event()
            if event is h11.NEED_DATA:
                if self._protocol.they_are_waiting_for_100_continue:
                    await self._send(h11.InformationalResponse(status_code=100, headers=[]))
                self._protocol.receive_data(await self._reader.read(_READ))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST_BODY:
                    raise BodyTooLargeError("request body too large")
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _request(head, bytes(body))
            else:
                return None

    # -- the exchange ---------------------------------------------------------------------

    @property
    def request(self) -> Request:
        """The request that is being answered."""
        return self._request

    async def reply(self, reply: Reply) -> None:
        """Send a complete reply."""
        headers = _head(reply.content_type, reply.headers)
        headers.append(("content-length", str(len(reply.body))))
        await self._send(
            h11.Response(status_code=reply.status, headers=headers),
            h11.Data(data=reply.body),
            h11.EndOfMessage(),
        )

    async def begin(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        """Send the head of a reply whose body follows in HTTP chunks."""
        head = [*_head(content_type, headers), ("transfer-encoding", "chunked")]
        await self._send(h11.Response(status_code=status, headers=head))

    async def write(self, data: bytes) -> None:
        """Send a piece of the body as one HTTP chunk."""
        await self._send(h11.Data(data=data))

    async def finish(self) -> None:
        """End the body."""
        await self._send(h11.EndOfMessage())

    async def cut(self) -> None:
        """Close the connection within the body: the chunked encoding stays unfinished."""
        self._protocol.send_failed()
        await self._close()

    async def reset(self) -> None:
        """Break the connection with a TCP reset: closing with a linger of 0 sends RST."""
        self._protocol.send_failed()
        connection: socket.socket = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def until_gone(self) -> None:
        """Wait until the client has closed the connection."""
        while await self._reader.read(_READ):
            pass

    async def _send(self, *events: h11.Event) -> None:
        if self._writer.is_closing():
            raise ConnectionResetError("the client has disconnected")
        for event in events:
            self._writer.write(self._protocol.send(event) or b"")
        await self._writer.drain()

    async def _close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


def _request(head: h11.Request, body: bytes) -> Request:
    url = urlsplit(head.target.decode("ascii"))
    return Request(
        method=head.method.decode("ascii"),
        path=unquote(url.path),
        query=dict(parse_qsl(url.query)),
        headers={name.decode("ascii"): value.decode("latin-1") for name, value in head.headers},
        body=body,
    )


def _head(content_type: str, headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("content-type", content_type), *headers.items()]
