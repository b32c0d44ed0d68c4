"""Reader of a response body, with its time limits."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from groqchat.provider.read_pacer import ReadPacer

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import httpx

USAGE_GRACE_S = 0.5
"""Seconds to wait for the token counts after ``finish_reason``."""
DRAIN_S = 0.1
"""Seconds for a body to end after the answer, so that its connection can be reused."""
# The gap is waited for in this many parts. A machine that slept has missed one part at most, and
# then reads what arrived meanwhile.
_PARTS_OF_GAP = 20


class AnswerBody:
    """The body of a response, read by a task of its own and always closed.

    All bytes that arrive while the caller is busy are returned as one piece, so a busy caller gets
    fewer pieces.

    Args:
        response: An open response whose body has not been read.
        gap_s: Seconds without useful data after which the stream counts as stalled.

    Attributes:
        cause: The name of the cause for which the body ended too early, else None.
        detail: Further words about that cause.
    """

    def __init__(self, response: httpx.Response, gap_s: float) -> None:
        import anyio

        self.cause: str | None = None
        self.detail = ""
        self._response = response
        self._gap_s = gap_s
        self._idle_since: float | None = None
        self._has_idled = False
        self._silent_parts = 0
        self._deadline: float | None = None
        self._received: list[bytes] = []
        self._has_news = asyncio.Event()
        self._pacer = ReadPacer()
        # httpx shields the closing of a connection from anyio's cancellation only: asyncio's would
        # lose the connection, and the pool has a hundred.
        self._scope = anyio.CancelScope()
        # httpx would count the time in which the machine slept.
        response.request.extensions["timeout"]["read"] = None
        self._reading = asyncio.create_task(self._read_all())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import httpx

        self._scope.cancel()
        await asyncio.wait([self._reading])
        with suppress(httpx.HTTPError):
            await self._response.aclose()

    def note_progress(self, *, is_useful: bool) -> None:
        """Note whether the last piece was useful; time out after keep-alive comments alone.

        Useful data is never too late: it may have arrived while this machine slept.
        """
        if is_useful:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = monotonic()
        elif monotonic() - self._idle_since > self._gap_s:
            self._has_idled = True
            self.cause = "stream_stalled"

    def end_soon(self) -> None:
        """Limit further reads to ``USAGE_GRACE_S``, since only the token counts are missing."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + USAGE_GRACE_S

    async def read(self) -> bytes:
        """The bytes that have arrived; empty at the end of the body, when ``cause`` may be set."""
        if self._has_idled:
            return b""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._deadline):
                while not self._received and not self._reading.done() and not self._is_silent:
                    await self._listen()
        data = b"".join(self._received)
        self._received.clear()
        if self._reading.done():
            self._reading.result()  # A bug in there shows itself here.
        return data

    async def drain(self) -> None:
        """Wait up to ``DRAIN_S`` for the body to end."""
        await asyncio.wait([self._reading], timeout=DRAIN_S)

    @property
    def _is_silent(self) -> bool:
        return self._silent_parts >= _PARTS_OF_GAP

    async def _listen(self) -> None:
        """Wait for data, for one part of the gap at most."""
        try:
            async with asyncio.timeout(self._gap_s / _PARTS_OF_GAP):
                await self._has_news.wait()
        except TimeoutError:
            self._silent_parts += 1
            if self._is_silent:
                self.cause = "stream_stalled"
        else:
            self._has_news.clear()
            self._silent_parts = 0

    async def _read_all(self) -> None:
        import httpx

        from groqchat.provider.http.decompression import UnexpectedEncodingError

        try:
            with self._scope:
                async for data in self._response.aiter_bytes():
                    self._received.append(data)
                    await self._pacer.pace(data)
                    self._has_news.set()
        except UnexpectedEncodingError as error:
            self.cause, self.detail = "encoding_unasked", str(error)
        except httpx.DecodingError:
            self.cause = "stream_garbled"
        except (httpx.HTTPError, httpx.StreamError):
            self.cause = "stream_cut"
        finally:
            self._has_news.set()
