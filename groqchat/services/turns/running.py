"""The turns of a chat: each belongs to its session, and goes on whichever session is read.

Screens listen. What came before they did is in the turn: the text so far, the wait, the error.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.turns.chat import (
    Message,
    State,
)
from groqchat.services.turns.running_turn import Phase, RunningTurn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Iterator

    from groqchat.domain.turns.chat import Options, Session, TurnEvent
    from groqchat.services.ports import SessionStore
    from groqchat.services.turns.ports import Asking

# How many sessions may be answered at once: the connections that a server lets one client have.
MOST_RUNNING = 8


class TurnListener(Protocol):
    """A screen, or whatever else wants to know how turns go on."""

    def started(self, turn: RunningTurn) -> None:
        """A turn begins; nothing of it is stored yet."""

    def heard(self, turn: RunningTurn, event: TurnEvent) -> None:
        """A turn has brought an event, which is taken in already."""

    async def ended(self, turn: RunningTurn) -> None:
        """A turn is over and saved; its session stays taken until all listeners have returned."""

    def freed(self, turn: RunningTurn) -> None:
        """The next turn of the session may begin."""


class RunningTurns:
    """Runs the turns of all sessions, one a session at most.

    Args:
        store: Where the answers are.
    """

    def __init__(self, store: SessionStore) -> None:
        self._store = store
        self._turns: dict[str, RunningTurn] = {}
        self._listeners: list[TurnListener] = []
        # Set as the turns of a reserved session are to stop.
        self._reserved: dict[str, asyncio.Event] = {}
        # Set whenever a session becomes free.
        self._freed = asyncio.Event()

    def listen(self, listener: TurnListener) -> None:
        """Tell somebody how turns go on, from now on."""
        self._listeners.append(listener)

    def of(self, session_id: str) -> RunningTurn | None:
        """The last turn of a session in this process, running or over."""
        return self._turns.get(session_id)

    def is_running(self, session_id: str) -> bool:
        """Whether a turn runs in a session, or is about to."""
        turn = self._turns.get(session_id)
        return session_id in self._reserved or (turn is not None and turn.is_running)

    @contextmanager
    def reserved(self, session_id: str) -> Iterator[asyncio.Event]:
        """Keep a free session for the turns that the block starts, once their prompts are stored.

        The block is given what tells that the session was stopped: no turn is to follow then.
        """
        self._reserved[session_id] = asyncio.Event()
        try:
            yield self._reserved[session_id]
        finally:
            self._reserved.pop(session_id, None)
            self._freed.set()

    @property
    def running(self) -> tuple[RunningTurn, ...]:
        """The turns that run, the oldest session first."""
        return tuple(turn for turn in self._turns.values() if turn.is_running)

    @property
    def is_full(self) -> bool:
        """Whether no other session may be answered at the same time."""
        return len(self.running) >= MOST_RUNNING

    def start(
        self,
        ask: Asking,
        session: Session,
        prompt: str | Message,
        options: Options,
        *,
        parent_id: str | None = None,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        is_checked: bool = True,
    ) -> RunningTurn:
        """Begin to answer a prompt; the arguments are those of :meth:`Turns.ask`.

        No turn may run in the session, and callers ask ``is_full`` first.
        """
        follows = prompt.parent_id if isinstance(prompt, Message) else parent_id
        turn = RunningTurn(session, options, follows, continuing)
        events = ask.ask(
            session,
            prompt,
            options,
            parent_id=parent_id,
            continuing=continuing,
            waiting_out=waiting_out,
            skip_wait=turn.skip_wait,
            is_checked=is_checked,
        )
        self._turns[session.id] = turn
        task = asyncio.create_task(self._run(turn, events), name="turn")
        task.add_done_callback(partial(self._free, turn))
        turn.begin(task)
        for listener in self._listeners:
            listener.started(turn)
        return turn

    async def stop(self, session_id: str) -> None:
        """Stop the turn of a session, if one runs; what had arrived is saved."""
        if session_id in self._reserved:
            self._reserved[session_id].set()
        if (turn := self._turns.get(session_id)) is not None and turn.is_running:
            await turn.stop()

    @property
    def taken(self) -> frozenset[str]:
        """The sessions in which a turn runs, or is about to."""
        return frozenset((*self._reserved, *(turn.session.id for turn in self.running)))

    async def until_free(self, session_ids: Iterable[str]) -> None:
        """Wait until no turn runs in any of some sessions, nor is about to."""
        waited_for = list(session_ids)
        while any(map(self.is_running, waited_for)):
            self._freed.clear()
            await self._freed.wait()

    async def stop_all(self) -> None:
        """Stop every turn; what had arrived is saved."""
        for stopped in self._reserved.values():
            stopped.set()
        await asyncio.gather(*(turn.stop() for turn in self.running))

    def forget(self, session_id: str) -> None:
        """Drop the turn of a session that was deleted."""
        self._turns.pop(session_id, None)

    async def _run(self, turn: RunningTurn, events: AsyncGenerator[TurnEvent, None]) -> None:
        """Follow one turn to whatever end it takes."""
        try:
            async with aclosing(events):
                async for event in events:
                    turn.hear(event)
                    for listener in self._listeners:
                        listener.heard(turn, event)
        except GroqchatError as error:
            turn.error = error
            await self._settle(turn, Phase.FAILED)
        except asyncio.CancelledError:
            if not turn.is_over:
                await self._settle(turn, Phase.STOPPED)
            await self._tell_end(turn)
            raise
        await self._tell_end(turn)

    async def _settle(self, turn: RunningTurn, phase: Phase) -> None:
        """End a turn that did not end well with what was saved of its answer."""
        saved = None
        try:
            if turn.begun is not None:
                saved = (await self._store.messages([turn.begun.id])).get(turn.begun.id)
        except StorageError:
            turn.is_saved = False  # what broke the turn, most likely: it is told there
        is_kept = saved is not None and (turn.has_text or saved.state is State.UNANSWERED)
        turn.end(phase, saved if is_kept else None)

    async def _tell_end(self, turn: RunningTurn) -> None:
        for listener in self._listeners:
            await listener.ended(turn)

    def _free(self, turn: RunningTurn, _: asyncio.Task[None]) -> None:
        if not turn.is_over:  # stopped before it began, or broken by a bug
            turn.end(Phase.STOPPED, None)
        self._freed.set()
        for listener in self._listeners:
            listener.freed(turn)
