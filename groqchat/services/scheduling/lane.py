"""A lane: the queue of requests to one model, first come, first served.

A job begins when the lane is wide enough for it. Before its request is sent it waits until it is
first in line, so that a single job of the lane waits for the limits, and the others behind it. What
follows until :meth:`Slot.sending` (the check of the limits and the reservation) happens without a
pause of the event loop, so that two jobs never take the same tokens.

A request that somebody waits for (:class:`DirectSlot`) passes those who wait where it fits.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.limits.allowance import AnswerRoom
from groqchat.domain.scheduling.width import Width, enough

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.ports import Clock
    from groqchat.services.scheduling.running import Running

# So many jobs prepare their requests while as many are under way as may be: a part of the width.
_AHEAD = 4


class Slot(Protocol):
    """The place of one job in its lane.

    Attributes:
        is_queued: Whether the job is one of many in a queue, so that nobody waits for its answer
            alone.
        room: How much room the answer asks for.
    """

    is_queued: bool
    room: AnswerRoom

    @property
    def shares(self) -> bool:
        """Whether the lane has other requests, for which an answer has to leave some room."""

    @property
    def freed(self) -> asyncio.Event:
        """An event, set when a request of the lane ends, which may free a part of a limit."""

    @property
    def is_accompanied(self) -> bool:
        """Whether another request of the lane is under way."""

    @property
    def ahead(self) -> int:
        """The number of requests that wait before this one would."""

    async def hold_line(self) -> None:
        """Come to the front, and keep all other requests of the lane behind."""

    async def first_in_line(self) -> None:
        """Wait until the request may be sent as far as the lane is concerned.

        What the caller checks of its own limits is to be checked now; until :meth:`sending` or the
        end of the job no other request of the lane passes.
        """

    def sending(self, gap_s: float) -> None:
        """Note that the request is sent now; the next one follows after so many seconds or more."""

    def not_sent(self) -> None:
        """Note that the request is not sent after all, and has to come first in line again."""

    def accepted(self) -> None:
        """Note that the server has accepted the request."""

    def ended(self, error: GroqchatError | None = None) -> None:
        """Note that the request has ended; an error narrows the lane where it bears on that."""

    def close(self) -> None:
        """End the request and leave the line, at the end of the job."""


class Lane:
    """The queue of requests to one model.

    Args:
        clock: Time.
        running: Counts the requests of all lanes.
        width: The width to begin with.
    """

    def __init__(self, clock: Clock, running: Running, width: Width) -> None:
        self.width = width
        self.under_way = 0
        self._clock = clock
        self._running = running
        self._open = 0
        self._tickets = itertools.count()
        self._first: LaneSlot | None = None
        self._line: list[tuple[int, LaneSlot, asyncio.Future[None]]] = []
        self._next_start = self._round_began = float("-inf")
        self._flight = 0
        self._quickest_s = float("inf")
        self._changed = asyncio.Event()
        self.freed = asyncio.Event()

    async def open(self) -> LaneSlot:
        """A slot for one job, once the lane is wide enough; to be closed when the job has ended."""
        while self._open >= self._most_open:
            await self._news()
        self._open += 1
        return LaneSlot(self, next(self._tickets))

    def direct(self, room: AnswerRoom = AnswerRoom.ORDINARY) -> DirectSlot:
        """A slot for a request that somebody waits for; to be closed when its turn has ended."""
        self._open += 1
        return DirectSlot(self, next(self._tickets), room)

    @property
    def is_shared(self) -> bool:
        """Whether more than one slot is open."""
        return self._open > 1

    @property
    def is_narrowed(self) -> bool:
        """Whether a refusal of the last while allows no other request beside those under way."""
        is_recent = self.width.was_narrowed(self._clock.monotonic())
        return is_recent and self.under_way >= self.width.requests

    def waiting_before(self, slot: LaneSlot) -> int:
        """The number of slots that stand in line before a slot."""
        earlier = sum(
            ticket < slot.ticket and not called.done() for ticket, _, called in self._line
        )
        return earlier + (self._first not in {None, slot})

    def close(self, slot: LaneSlot) -> None:
        """Take a slot back."""
        self.step_aside(slot)
        self._open -= 1
        self._changed.set()

    @property
    def _most_open(self) -> int:
        return self.width.requests + self.width.requests // _AHEAD

    async def first(self, slot: LaneSlot) -> None:
        """Wait until a slot is first in line and its request may be sent."""
        await self.reach_front(slot)
        while True:
            if (early := self._next_start - self._clock.monotonic()) > 0:
                await self._clock.sleep(early)
            elif self.under_way >= self.width.requests:
                await self._news()
            elif self._running.is_full:
                await self._running.room()
            else:
                return

    async def reach_front(self, slot: LaneSlot) -> None:
        """Wait until a slot is first in line."""
        if self._first is None:
            self._first = slot
        if self._first is slot:
            return
        called = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (slot.ticket, slot, called))
        try:
            await called
        except asyncio.CancelledError:
            self.step_aside(slot)  # it may have been called meanwhile
            raise

    def begin(self, gap_s: float) -> float:
        """Count a request that is sent now; returns the monotonic time in seconds."""
        now = self._clock.monotonic()
        self.under_way += 1
        self._flight = max(self._flight, self.under_way)
        self._running.begin()
        self._next_start = now + gap_s
        return now

    def end(self, sent: float, error: GroqchatError | None) -> None:
        """Stop counting a request that was sent at a monotonic time."""
        now = self._clock.monotonic()
        if error is not None:
            self.width = self.width.failed(error, sent, now)
        else:
            self._quickest_s = min(self._quickest_s, now - sent)
        self.under_way -= 1
        self._running.end()
        self._changed.set()
        self.freed.set()

    def take_back(self) -> None:
        """Stop counting a request that was not sent after all."""
        self.under_way -= 1
        self._running.end()
        self._next_start = min(self._next_start, self._clock.monotonic())
        self._changed.set()

    def widen(self, sent: float) -> None:
        """Note that the server has accepted a request that was sent at a monotonic time."""
        if sent >= self._round_began:  # the first answer of a round trip ends it
            self._round_began, self._flight = self._clock.monotonic(), self.under_way
        if self.width.requests < enough(self._quickest_s):
            self.width = self.width.accepted(self._flight)
        self._changed.set()

    def step_aside(self, slot: LaneSlot) -> None:
        """Give up the front, if the slot has it."""
        if self._first is not slot:
            return
        self._first = None
        while self._line and self._first is None:
            _, following, called = heapq.heappop(self._line)
            if not called.done():
                self._first = following
                called.set_result(None)

    async def _news(self) -> None:
        self._changed.clear()
        await self._changed.wait()


class LaneSlot:
    """The place of one job in a lane; see :class:`Slot`.

    Args:
        lane: The lane.
        ticket: The number of the job in its order; a request that is repeated keeps it.
        room: How much room its answer asks for.

    Attributes:
        before_sending: Waited for before each request, first in line; what it raises ends the turn.
    """

    is_queued = True

    def __init__(self, lane: Lane, ticket: int, room: AnswerRoom = AnswerRoom.LEARNT) -> None:
        self.ticket = ticket
        self.room = room
        self.before_sending: Callable[[], Awaitable[None]] | None = None
        self._lane = lane
        self._sent: float | None = None

    @property
    def shares(self) -> bool:
        """Whether the lane has other requests: in a queue they follow."""
        return True

    @property
    def freed(self) -> asyncio.Event:
        """An event, set when a request of the lane ends."""
        return self._lane.freed

    @property
    def ahead(self) -> int:
        """The number of requests that wait before this one would."""
        return self._lane.waiting_before(self)

    @property
    def is_accompanied(self) -> bool:
        """Whether another request of the lane is under way."""
        return self._lane.under_way > self.is_under_way

    @property
    def is_under_way(self) -> bool:
        """Whether the request was sent and has not ended."""
        return self._sent is not None

    async def hold_line(self) -> None:
        """Come to the front, and keep all other requests of the lane behind."""
        await self._lane.reach_front(self)

    async def first_in_line(self) -> None:
        """Wait until the request may be sent as far as the lane is concerned."""
        await self._lane.first(self)
        if self.before_sending is not None:
            await self.before_sending()

    def sending(self, gap_s: float) -> None:
        """Note that the request is sent now; the next one follows after so many seconds or more."""
        self._sent = self._lane.begin(gap_s)
        self._lane.step_aside(self)

    def not_sent(self) -> None:
        """Note that the request is not sent after all."""
        self._sent = None
        self._lane.take_back()

    def accepted(self) -> None:
        """Note that the server has accepted the request."""
        if self._sent is not None:
            self._lane.widen(self._sent)

    def ended(self, error: GroqchatError | None = None) -> None:
        """Note that the request has ended."""
        if self._sent is not None:
            sent, self._sent = self._sent, None
            self._lane.end(sent, error)

    def close(self) -> None:
        """End the request and leave the line, at the end of the job."""
        self.ended()
        self._lane.close(self)


class DirectSlot(LaneSlot):
    """The place of a request that somebody waits for, such as a chat's; see :class:`Slot`.

    It is sent at once where its limits allow that. It stands in line only to wait for a limit, or
    after a refusal that narrowed the lane.
    """

    is_queued = False

    @property
    def shares(self) -> bool:
        """Whether the lane has another request, under way or about to be sent."""
        return self._lane.is_shared

    async def first_in_line(self) -> None:
        """Wait behind those who wait, where a refusal has just narrowed the lane."""
        if self._lane.is_narrowed:
            await self._lane.first(self)

    def sending(self, gap_s: float) -> None:
        """Note that the request is sent now; the next one need not keep a distance."""
        super().sending(0.0)
