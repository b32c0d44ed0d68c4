"""Queues of prompts: each prompt is sent exactly once, in order, whatever ends in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.prompt_queue import Pause, PromptQueue, QueuedPrompt
from groqchat.domain.turns.chat import Message, Role
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.turns.running_turn import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.services.ports import Clock, PromptQueueStore


class PromptQueues:
    """The queues of all sessions, as they are stored.

    A queue that this process has not begun is paused: it was left by a process that has ended, or
    another one sends it.

    Args:
        store: Where queued prompts live.
        clock: Time.
        new_id: Makes ids for messages.
    """

    def __init__(self, store: PromptQueueStore, clock: Clock, new_id: Callable[[], str]) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._queues: dict[str, PromptQueue] = {}

    def of(self, session_id: str) -> PromptQueue:
        """The queue of a session as it was read or changed last."""
        return self._queues.get(session_id, PromptQueue())

    @property
    def ready(self) -> Sequence[str]:
        """The sessions whose next prompt may be sent once they are free."""
        return [session_id for session_id, queue in self._queues.items() if queue.next]

    @property
    def stuck(self) -> Sequence[str]:
        """The sessions whose queues wait for the user because of their next prompt."""
        waits = {Pause.FAILED, Pause.TOO_LONG}
        return [session_id for session_id, queue in self._queues.items() if queue.pause in waits]

    @property
    def count(self) -> int:
        """How many prompts are queued in the sessions that were read."""
        return sum(len(queue.prompts) for queue in self._queues.values())

    async def read(self, session_id: str) -> PromptQueue:
        """Read the queue of a session; one that is new here is paused.

        Raises:
            StorageError: It cannot be read.
        """
        found = await self._store.queued(session_id)
        known = self.of(session_id)
        before = known if known.prompts else PromptQueue(tuple(found), Pause.RESTARTED)
        return self._keep(session_id, before.holding(found))

    async def waiting(self) -> Sequence[tuple[str, int]]:
        """The sessions with queued prompts, and how many."""
        return await self._store.waiting()

    async def add(self, session_id: str, text: str) -> PromptQueue:
        """Queue a prompt behind the others; a prompt that was taken back ends its pause with it.

        Raises:
            StorageError: It cannot be stored; nothing is queued.
        """
        prompt = QueuedPrompt(self._new_id(), session_id, text, self._clock.now())
        found = await self._store.queue(prompt)
        queue = self.of(session_id).holding(found).going_on(Pause.EDITED)
        return self._keep(session_id, queue)

    async def take_back(self, session_id: str) -> str | None:
        """Take the last prompt back, to be edited; nothing is sent until that has ended.

        Returns:
            Its text, which is the session's draft now; None where nothing is queued.

        Raises:
            StorageError: The queue cannot be changed; it is as it was.
        """
        return await self._take(session_id, lambda queue: queue.last, Pause.EDITED)

    async def take_first(self, session_id: str) -> str | None:
        """Take the next prompt back, to be sent in another form; the others wait for its answer.

        Returns:
            Its text, which is the session's draft now; None where nothing is queued.

        Raises:
            StorageError: The queue cannot be changed; it is as it was.
        """
        return await self._take(session_id, lambda queue: queue.first, Pause.FAILED)

    async def _take(
        self,
        session_id: str,
        which: Callable[[PromptQueue], QueuedPrompt | None],
        pause: Pause,
    ) -> str | None:
        """Take a prompt back that no other process has taken meanwhile, and pause the queue."""
        while prompt := which(await self.read(session_id)):
            taken = await self._store.take_back([prompt])
            queue = await self.read(session_id)
            if taken:
                self._keep(session_id, queue.paused(pause))
                return taken[0].text
        return None

    async def clear(self, session_id: str) -> Sequence[str]:
        """Take all prompts out of a queue.

        Returns:
            Their texts in order, which are the session's draft now.

        Raises:
            StorageError: The queue cannot be changed; it is as it was.
        """
        queue = await self.read(session_id)
        taken = await self._store.take_back(queue.prompts)
        await self.read(session_id)
        return [each.text for each in taken]

    def pause(self, session_id: str, why: Pause) -> PromptQueue:
        """Send nothing more of a queue until the reason has ended."""
        return self._keep(session_id, self.of(session_id).paused(why))

    def go_on(self, session_id: str, *ended: Pause) -> PromptQueue:
        """Go on with a queue that waits for one of these reasons; without any, for whichever."""
        return self._keep(session_id, self.of(session_id).going_on(*ended))

    def freed(self, session_id: str, phase: Phase) -> None:
        """Go on after an answer, which ends a pause by a failure; else pause.

        Args:
            session_id: The session in which a turn has ended.
            phase: How it has ended; if neither whole nor by an error, it was stopped.
        """
        match phase:
            case Phase.ENDED:
                self.go_on(session_id, Pause.FAILED)
            case Phase.FAILED:
                self.pause(session_id, Pause.FAILED)
            case _:
                self.pause(session_id, Pause.STOPPED)

    async def send_next(
        self,
        session_id: str,
        parent_id: str | None,
        aside_of: Callable[[str], str] = lambda _: "",
    ) -> Message | None:
        """Make the next prompt of a queue a stored message, which is to be answered now.

        Args:
            session_id: The session, in which no turn is running.
            parent_id: The message that the prompt follows; None: none.
            aside_of: The side question that a queued text asks; empty where it asks none.

        Returns:
            The message; None where the queue is empty or paused.

        Raises:
            StorageError: It cannot be stored; the prompt is still queued.
        """
        await self.read(session_id)
        while (prompt := self.of(session_id).next) is not None:
            now = self._clock.now()
            aside = aside_of(prompt.text)
            kind = MessageKind.ASIDE if aside else MessageKind.SPOKEN
            text = aside or prompt.text
            message = Message(prompt.id, session_id, parent_id, Role.USER, text, now, kind=kind)
            is_ours = await self._store.send(message)
            await self.read(session_id)
            if is_ours:
                return message
        return None

    def _keep(self, session_id: str, queue: PromptQueue) -> PromptQueue:
        if queue.prompts:
            self._queues[session_id] = queue
        else:
            self._queues.pop(session_id, None)
        return queue
