"""The pauses of a turn: before its request is sent again, or for the first time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.turns.chat import Waiting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.ports import Clock
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.scheduling.lane import Slot
    from groqchat.services.turns.attempts import Attempts

# Other processes may give back what they have reserved at any time, and nobody tells.
_POLL_S = 2.0
# All processes know when something fits again. One of many requests comes a moment later than one
# that somebody waits for, and the later the shorter it has waited. Nothing is lost by that: a limit
# refills meanwhile.
_COURTESY_S, _LONG_S, _LEAST = 0.5, 100.0, 0.04


def waiting_for(
    error: GroqchatError, now: float, seconds: float | None = None, attempt: int = 0
) -> Waiting:
    """What the listener is told of a wait that begins at a monotonic second.

    Args:
        error: The error.
        now: The monotonic second.
        seconds: The seconds to wait; None: those that the error tells.
        attempt: The number of requests that were sent before.
    """
    told_s = (error.facts.retry_after_s or 0.0) if seconds is None else seconds
    return Waiting(told_s, now + told_s, attempt, error)


class Pauses:
    """Waits of turns.

    Args:
        clock: Time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def after(
        self,
        error: GroqchatError,
        seconds: float | None,
        slot: Slot,
        attempts: Attempts,
        skip_wait: asyncio.Event | None,
        *,
        quota: QuotaService,
    ) -> AsyncGenerator[Waiting, None]:
        """Wait after an error; for a limit only the first in line does, the others wait behind.

        Args:
            error: The error.
            seconds: The seconds to wait; None: until a request of the lane has ended.
            slot: The place of the request.
            attempts: The attempts of the turn.
            skip_wait: Set by the listener to end the wait.
            quota: The limits. While other processes have requests too, which may give back a part
                of a limit, no wait is long, and the limits are read again after it.
        """
        begun, is_limit = self._clock.monotonic(), error.kind is ErrorKind.RATE_LIMITED
        is_own, basis = error.cause.name == "no_room_yet", quota.basis(attempts.options.model)
        is_accompanied = is_own and basis is not None and basis.is_accompanied
        _clear(skip_wait)
        if is_limit and slot.is_queued:  # only who is first tells of the wait
            await slot.hold_line()
        waiting = waiting_for(error, begun, seconds, attempts.attempt)
        if is_limit and slot.ahead:  # each of them will probably wait about as long
            waiting = waiting_for(error, begun, waiting.seconds * (1 + slot.ahead), waiting.attempt)
        if attempts.is_news(waiting):
            yield waiting
        if is_limit and not slot.is_queued:
            await _first_of(slot.hold_line(), skip_wait)
        # What ends may give back a part of the limit that is waited for.
        freed = slot.freed if slot.is_queued or is_own else None
        _clear(freed)
        if seconds is None:
            await _first_of(slot.freed.wait(), skip_wait)
        else:
            if is_accompanied and seconds > _POLL_S:
                seconds = _POLL_S
            elif is_own and slot.is_queued:  # nobody knows who waits elsewhere
                seconds += _courtesy(attempts.waited_s)
            left = max(0.0, seconds - (self._clock.monotonic() - begun))
            await _first_of(self._clock.sleep(left), skip_wait, freed)
        attempts.waited_s += self._clock.monotonic() - begun
        if is_accompanied:
            await quota.follow(attempts.options.model)

    async def sleep(self, seconds: float, skip_wait: asyncio.Event | None) -> None:
        """Wait until so many seconds are over, or the listener ends the wait."""
        _clear(skip_wait)
        await _first_of(self._clock.sleep(seconds), skip_wait)


def _courtesy(waited_s: float) -> float:
    """The seconds for which a request that has waited so long lets others pass."""
    return _COURTESY_S * max(_LEAST, 1 - waited_s / _LONG_S)


def _clear(event: asyncio.Event | None) -> None:
    if event is not None:
        event.clear()


async def _first_of(waited: Awaitable[object], *ends: asyncio.Event | None) -> None:
    """Return when something has come, or one of the events is set."""
    events = [event for event in ends if event is not None]
    if not events:
        await waited
        return
    waits = [asyncio.ensure_future(each) for each in (waited, *(e.wait() for e in events))]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def may_be_freed(error: GroqchatError, slot: Slot) -> bool:
    """Whether requests that are under way may soon give back what keeps this one from its limit."""
    return error.cause.name == "no_room_yet" and slot.is_accompanied
