"""The bytes of an answer while they arrive, and how long that may take."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import httpx

USAGE_GRACE_S = 0.5
"""How long after ``finish_reason`` the count of tokens is waited for."""
DRAIN_S = 0.1
"""How long a body may take to close after the answer's end, so that its connection is kept."""


class AnswerBody:
    """Reads the body of a response and closes it, whatever happens.

    Args:
        response: Open, its body not read.
        gap_s: Seconds without anything of use after which it counts as stalled.

    Attributes:
        trouble: Why it ended before its end, as the name of a cause.
    """

    def __init__(self, response: httpx.Response, gap_s: float) -> None:
        self.trouble: str | None = None
        self._response = response
        self._chunks = response.aiter_bytes()
        self._gap_s = gap_s
        self._progress_at = monotonic()
        self._deadline: float | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import httpx

        with suppress(httpx.HTTPError):
            await self._response.aclose()

    def made_progress(self) -> None:
        """What came last was of use: the gap is counted from now."""
        self._progress_at = monotonic()

    def end_soon(self) -> None:
        """The answer is complete: wait for its counts a moment only."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + USAGE_GRACE_S

    async def read(self) -> bytes | None:
        """The next bytes, or None when there are no more; ``trouble`` may tell why."""
        import httpx

        try:
            if self._deadline is not None:
                async with asyncio.timeout_at(self._deadline):
                    return await anext(self._chunks, None)
            # Keep-alive comments do not count: they could go on for ever.
            if monotonic() - self._progress_at <= self._gap_s:
                return await anext(self._chunks, None)
            self.trouble = "stream_stalled"
        except (httpx.TimeoutException, TimeoutError):
            self.trouble = "stream_stalled"
        except httpx.DecodingError:
            self.trouble = "stream_garbled"
        except httpx.HTTPError:
            self.trouble = "stream_cut"
        return None

    async def drain(self) -> None:
        """Read what little may follow the answer's end."""
        import httpx

        with suppress(TimeoutError, httpx.HTTPError):
            async with asyncio.timeout(DRAIN_S):
                async for _ in self._chunks:
                    pass
