"""Network streams that send the head of a request together with the beginning of its body.

httpcore 1.0.9 sends them one after the other, which is two system calls, two packets, and two
records of TLS for each prompt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

# A head waits for the next write or read only where a body follows it.
_BEGIN, _END = b"POST ", b"\r\n\r\n"
# A longer body is not copied.
_LONGEST_JOINED = 64 * 1024


class JoiningBackend(httpcore.AsyncNetworkBackend):
    """Opens streams that join writes.

    Args:
        backend: Opens the connections.
    """

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a TCP connection; raises the errors of httpcore."""
        return JoinedWrites(
            await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        )

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)


class JoinedWrites(httpcore.AsyncNetworkStream):
    """A stream whose writes arrive in their order; the head of a POST leaves with what follows.

    Args:
        stream: The connection.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._head = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Send what waits, and read."""
        if self._head:
            await self.write(b"", timeout)
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send a part of a request, or keep it until the next write or read."""
        if not self._head and buffer.startswith(_BEGIN) and buffer.endswith(_END):
            self._head = buffer
            return
        head, self._head = self._head, b""
        if head and len(buffer) > _LONGEST_JOINED:
            await self._stream.write(head, timeout)
            head = b""
        await self._stream.write(head + buffer if head else buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """The stream over the same connection, encrypted."""
        return JoinedWrites(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """What httpcore knows of the connection."""
        return self._stream.get_extra_info(info)
