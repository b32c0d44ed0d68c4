"""The bytes of an answer while they arrive, and how long that may take."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from groqchat.provider.gathering import Gathering

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import httpx

USAGE_GRACE_S = 0.5
"""How long after ``finish_reason`` the count of tokens is waited for."""
DRAIN_S = 0.1
"""How long a body may take to close after the answer's end, so that its connection is kept."""
# Silence is counted in so many parts of the gap: a machine that slept through it has missed one,
# and then looks whether something arrived meanwhile.
_PARTS_OF_GAP = 20


class AnswerBody:
    """Reads the body of a response and closes it, whatever happens.

    A task of its own reads, so that everything which arrived while the listener was busy comes to
    it as one piece: the more there is to do, the fewer pieces there are.

    Args:
        response: Open, its body not read.
        gap_s: Seconds without anything of use after which it counts as stalled.

    Attributes:
        trouble: Why it ended before its end, as the name of a cause.
        detail: What is known about that, in words.
    """

    def __init__(self, response: httpx.Response, gap_s: float) -> None:
        import anyio

        self.trouble: str | None = None
        self.detail = ""
        self._response = response
        self._gap_s = gap_s
        self._idle_since: float | None = None
        self._has_idled = False
        self._silent_parts = 0
        self._deadline: float | None = None
        self._arrived: list[bytes] = []
        self._news = asyncio.Event()
        self._gathering = Gathering()
        # httpx shields the closing of a connection from its own kind of cancelling only: another
        # one in the middle of it would lose the connection, and the pool has but a hundred.
        self._scope = anyio.CancelScope()
        # httpx would take the time in which the machine slept for silence.
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

    def heard(self, *, anything: bool) -> None:
        """Whether what came last was of use; keep-alive comments could go on for ever.

        What is of use is never too late: it may have been here while this machine slept.
        """
        if anything:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = monotonic()
        elif monotonic() - self._idle_since > self._gap_s:
            self._has_idled = True
            self.trouble = "stream_stalled"

    def end_soon(self) -> None:
        """The answer is complete: wait for its counts a moment only."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + USAGE_GRACE_S

    async def read(self) -> bytes:
        """All that has arrived; nothing when nothing more will, and ``trouble`` may tell why."""
        if self._has_idled:
            return b""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._deadline):
                while not self._arrived and not self._reading.done() and not self._is_silent:
                    await self._listen()
        data = b"".join(self._arrived)
        self._arrived.clear()
        if self._reading.done():
            self._reading.result()  # A bug in there shows itself here.
        return data

    async def drain(self) -> None:
        """Let what little may follow the answer's end arrive."""
        await asyncio.wait([self._reading], timeout=DRAIN_S)

    @property
    def _is_silent(self) -> bool:
        return self._silent_parts >= _PARTS_OF_GAP

    async def _listen(self) -> None:
        """Wait for something to arrive, for a part of the gap."""
        try:
            async with asyncio.timeout(self._gap_s / _PARTS_OF_GAP):
                await self._news.wait()
        except TimeoutError:
            self._silent_parts += 1
            if self._is_silent:
                self.trouble = "stream_stalled"
        else:
            self._news.clear()
            self._silent_parts = 0

    async def _read_all(self) -> None:
        import httpx

        from groqchat.provider.http.unpacking import UnaskedEncodingError

        try:
            with self._scope:
                async for data in self._response.aiter_bytes():
                    self._arrived.append(data)
                    await self._gathering.after(data)
                    self._news.set()
        except UnaskedEncodingError as error:
            self.trouble, self.detail = "encoding_unasked", str(error)
        except httpx.DecodingError:
            self.trouble = "stream_garbled"
        except (httpx.HTTPError, httpx.StreamError):
            self.trouble = "stream_cut"
        finally:
            self._news.set()
