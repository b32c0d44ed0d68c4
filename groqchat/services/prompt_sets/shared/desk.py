"""The desk of a worker of a shared set: gets tasks from the team's store, and hands results in.

Whatever is wanted or handed in while one exchange is under way goes together in the next one. Each
exchange shows the others that the worker is there.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.team.set_runs import (
    BEAT_S,
    FRESH_S,
    Claims,
    Exchange,
    Silence,
    Standing,
)
from groqchat.domain.text.humanize import exact_money

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from groqchat.domain.team.set_runs import Exchanged, SetPlan, Settled, SharedRun, Worker
    from groqchat.services.ports import Clock
    from groqchat.services.team.set_ports import SetRunStore

RETRY_S = 5.0
"""The seconds between attempts to reach a server that is away."""

LONGEST_AWAY_S = 600.0
"""A worker waits for so many seconds for a server that is away."""

# So often those who wait for tasks look whether others have given some back.
_POLL_S = 1.0
# So often it is counted how far all have come.
_COUNT_S = 2.0
_MOST_AT_ONCE = 100
_LONGEST_CLOSE_S = 10.0


class ClaimLostError(Exception):
    """The task was given to somebody else, since the others took this worker for ended."""


class Desk:
    """The desk of a worker.

    Args:
        store: The team's store.
        run: The run.
        plan: What the run asks.
        clock: Time.
        limit: The most that the whole run may cost; None: there is no limit.
        cost_of: Gives the most that a task of a column will probably cost, by the column's name.

    Attributes:
        standings: How far all have come, by column.
        workers: Those that are there, this one included.
        away_because: Why the server is away; None while it is there.
        error: Why nothing more is exchanged; None while that goes on.
    """

    def __init__(
        self,
        store: SetRunStore,
        run: SharedRun,
        plan: SetPlan,
        clock: Clock,
        *,
        limit: Decimal | None,
        cost_of: Callable[[str], Decimal],
    ) -> None:
        self._store = store
        self._run = run
        self._order = plan.order
        self._tasks = {column: plan.tasks_of(column) for column in self._order}
        self._clock = clock
        self._limit = limit
        self._cost_of = cost_of
        self._waiting: dict[str, deque[asyncio.Future[int | None]]] = defaultdict(deque)
        self._held: set[int] = set()
        self._settled: dict[int, Settled] = {}
        self._released: set[int] = set()
        self._silence = Silence()
        self._has_work = asyncio.Event()
        self._exchanged = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None
        self._ticked = self._counted = self._away_since = float("-inf")
        self._heard = float("-inf"), float("-inf")
        self.standings: Mapping[str, Standing] = {}
        self.workers: tuple[Worker, ...] = ()
        self.away_because: GroqchatError | None = None
        self.error: GroqchatError | None = None

    async def open(self) -> None:
        """Begin to exchange.

        Raises:
            GroqchatError: The store cannot be used.
        """
        await self._store.enrol(self._run, self._clock.now())
        self._note_heard()
        self._serving = asyncio.create_task(self._serve())

    async def claim(self, column: str) -> int | None:
        """A task of a column that nobody else asks, once there is one; None where none is left.

        Raises:
            GroqchatError: The store cannot be used, or a budget does not reach.
        """
        self._check()
        claimed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting[column].append(claimed)
        self._has_work.set()
        return await claimed

    async def confirm(self, number: int) -> None:
        """Make sure that a task is still this worker's, right before it is asked.

        Raises:
            ClaimLostError: It is somebody else's.
            GroqchatError: The store cannot be used.
        """
        while self._silent_s > FRESH_S:
            self._check()
            await self._exchanged.wait()
        self._check()
        if number not in self._held:
            raise ClaimLostError

    def settle(self, settled: Settled) -> None:
        """Hand in the result of a task, claimed or not."""
        self._held.discard(settled.number)
        self._settled[settled.number] = settled
        self._has_work.set()

    def release(self, number: int) -> None:
        """Give a task back that was not asked."""
        if number in self._held:
            self._held.discard(number)
            self._released.add(number)
            self._has_work.set()

    def is_over(self, column: str) -> bool:
        """Whether this worker has nothing more to ask of a column."""
        if self.error is not None or self._released:
            return self.error is not None
        standing = self.standings.get(column)
        return standing is not None and standing.is_over

    async def handed_in(self) -> None:
        """Wait until everything is handed in.

        Raises:
            GroqchatError: The store cannot be used.
        """
        while self._settled:
            self._check()
            await self._exchanged.wait()

    async def leave(self) -> int:
        """Hand in what there is, if the server is there, and give the rest back.

        Returns:
            The number of results that could not be handed in.
        """
        if self._serving is None:
            return 0
        self._serving.cancel()
        await asyncio.wait([self._serving])
        leaving = asyncio.create_task(self._leave())
        await asyncio.wait([leaving], timeout=_LONGEST_CLOSE_S)
        leaving.cancel()
        return len(self._settled)

    async def _leave(self) -> None:
        if self.error is None:
            with suppress(GroqchatError):  # what is left is handed in by the next command
                while self._settled:
                    await self._exchange()
                await self._store.leave(self._run, self._clock.now())

    # -- in the background --------------------------------------------------------------------

    async def _serve(self) -> None:
        """Exchange again and again; while the server is away, try again and again."""
        try:
            while True:
                try:
                    await self._exchange()
                except GroqchatError as error:
                    self._lose(error)
                    await self._clock.sleep(RETRY_S)
                else:
                    self.away_because = None
                    await self._until_due()
        except GroqchatError as error:
            self.error = error
            self._end_waits(error)
        self._exchanged.set()

    def _lose(self, error: GroqchatError) -> None:
        """Note that the server is away.

        Raises:
            GroqchatError: It is not away but of no use, or is away for too long.
        """
        now = self._clock.monotonic()
        if self.away_because is None:
            self._away_since = now
        self.away_because = error
        may_return = error.kind in {ErrorKind.UNREACHABLE, ErrorKind.RATE_LIMITED}
        if not may_return or now - self._away_since > LONGEST_AWAY_S:
            raise error

    async def _until_due(self) -> None:
        """Wait until something is to be exchanged."""
        wait = _POLL_S if self._is_hungry else BEAT_S
        called = asyncio.create_task(self._has_work.wait())
        timer = asyncio.create_task(self._clock.sleep(wait))
        try:
            await asyncio.wait([called, timer], return_when=asyncio.FIRST_COMPLETED)
        finally:
            called.cancel()
            timer.cancel()

    async def _exchange(self) -> None:
        """Exchange once.

        Raises:
            GroqchatError: The store cannot be used.
        """
        self._has_work.clear()
        began, now = self._clock.monotonic(), self._clock.now()
        told = self._told(began)
        exchanged = await self._store.exchange(self._run, told, now)
        self._heard = began, now
        for settled in told.settled:
            if self._settled.get(settled.number) is settled:
                del self._settled[settled.number]
        self._released -= set(told.released)
        if exchanged.mine is None:
            self._held.clear()
            await self._store.enrol(self._run, self._clock.now())
            self._has_work.set()
        else:
            self._learn(exchanged, exchanged.mine, began)
        if self._settled or self._released:
            self._has_work.set()
        self._exchanged.set()
        self._exchanged = asyncio.Event()

    def _told(self, now: float) -> Exchange:
        claims = {
            column: Claims(self._tasks[column], len(waiting), self._cost_of(column))
            for column, waiting in self._waiting.items()
            if self._still(waiting)
        }
        return Exchange(
            tuple(self._settled.values())[:_MOST_AT_ONCE],
            tuple(self._released),
            claims,
            self._silence.ended,
            self._limit,
            is_counting=self._is_hungry or now - self._counted >= _COUNT_S,
        )

    def _learn(self, exchanged: Exchanged, mine: frozenset[int], now: float) -> None:
        self.workers = exchanged.workers
        if now - self._ticked >= BEAT_S:
            self._ticked = now
            self._silence.look(self.workers)
        self._held &= mine
        for number in sorted(mine - self._held - self._settled.keys() - self._released):
            self._hand_out(number)
        if exchanged.standings:
            self._counted = now
            self.standings = dict(zip(self._order, exchanged.standings, strict=True))
            self._end_hopeless_waits(exchanged)
        elif self._is_hungry:
            self._has_work.set()  # whether there is hope is known when it is counted

    def _hand_out(self, number: int) -> None:
        """Give a claimed task to who waits for it, or back."""
        waiting = self._waiting[self._order[number // self._run.length]]
        self._still(waiting)
        if waiting:
            self._held.add(number)
            waiting.popleft().set_result(number)
        else:
            self._released.add(number)

    def _end_hopeless_waits(self, exchanged: Exchanged) -> None:
        """End the waits for tasks that nobody will give back, or that a budget does not allow."""
        for column, waiting in self._waiting.items():
            standing, cost = self.standings[column], self._cost_of(column)
            short = self._short(exchanged, cost) if standing.open else None
            while self._still(waiting) and (standing.is_over or short):
                if short:
                    waiting.popleft().set_exception(short)
                else:
                    waiting.popleft().set_result(None)

    def _short(self, exchanged: Exchanged, cost: Decimal) -> GroqchatError | None:
        """The error where a budget does not reach for one more task, and nothing is given back."""
        limit, spent = self._limit, exchanged.spent
        if limit is None or exchanged.held or spent + cost <= limit:
            return None
        stand = f"{exact_money(spent)} of {exact_money(limit)} is spent on this set"
        need = f"the next request may cost {exact_money(cost)}"
        return failure("set_budget_short", detail=f"{stand}, and {need}")

    def _end_waits(self, error: GroqchatError) -> None:
        for waiting in self._waiting.values():
            while self._still(waiting):
                waiting.popleft().set_exception(error)

    @property
    def _is_hungry(self) -> bool:
        """Whether somebody waits for a task."""
        return any(self._still(waiting) for waiting in self._waiting.values())

    @staticmethod
    def _still(waiting: deque[asyncio.Future[int | None]]) -> bool:
        """Whether somebody still waits; who has given up is left out."""
        gone = [each for each in waiting if each.done()]
        for each in gone:
            waiting.remove(each)
        return bool(waiting)

    def _check(self) -> None:
        if self.error is not None:
            raise self.error

    def _note_heard(self) -> None:
        self._heard = self._clock.monotonic(), self._clock.now()

    @property
    def _silent_s(self) -> float:
        """The seconds since this worker was heard, also if the machine has slept meanwhile."""
        monotonic, now = self._heard
        return max(self._clock.monotonic() - monotonic, self._clock.now() - now)
