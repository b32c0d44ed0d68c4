"""Prompts that wait for the answer before them; the queue is the one of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.images.shown import line
from groqchat.domain.sessions.options import keeping, remembered
from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.domain.text.humanize import counted
from groqchat.services.sessions.prompt_queue import PromptQueues
from groqchat.ui.conversation.branch import BESIDE
from groqchat.ui.slash import aside_of

if TYPE_CHECKING:
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.turns.chat import Options, Session, TurnEvent
    from groqchat.services.turns.running_turn import RunningTurn

_LONGEST = 120


class PlainQueue:
    """The queues of all sessions; listens to turns to send what is next.

    Args:
        seat: The parts of the chat.
    """

    def __init__(self, seat: Seat) -> None:
        services = seat.services
        self._seat = seat
        self._queues = PromptQueues(services.queued_prompts, services.clock, services.new_id)
        self._leaving: set[str] = set()
        self._has_ended = False

    @property
    def _here(self) -> str:
        return self._seat.conversation.session.id

    @property
    def has_prompts(self) -> bool:
        """Whether prompts of the open session are queued."""
        return bool(self._queues.of(self._here).prompts)

    @property
    def is_paused(self) -> bool:
        """Whether prompts of the open session wait for the user."""
        return self.has_prompts and self._queues.of(self._here).pause is not None

    @property
    def is_going(self) -> bool:
        """Whether a prompt of the open session is about to leave."""
        return self._here in self._leaving or bool(self._queues.of(self._here).next)

    async def read(self) -> None:
        """Read the queue of the open session, and say what waits in it."""
        queue = await self._queues.read(self._here)
        if queue.prompts and queue.pause is not None:
            number = counted(len(queue.prompts), "prompt")
            self._seat.lines.say(
                f"{number} queued here, paused: /queue sends them, /unqueue takes them back."
            )

    async def add(self, text: str) -> None:
        """Queue a prompt for the open session.

        Raises:
            StorageError: It cannot be stored.
        """
        turn = self._seat.conversation.turn
        if turn is not None and turn.is_running:
            await turn.stored.wait()  # it is what saves a new session
        queue = await self._queues.add(self._here, text)
        paused = " The queue is paused; /queue goes on." if queue.pause else ""
        self._seat.lines.say(f"Queued as number {len(queue.prompts)}.{paused}")
        self.send_next(self._here)

    async def toggle(self, _: str) -> None:
        """Go on with a paused queue, or pause it."""
        queue = self._queues.of(self._here)
        if not queue.prompts:
            self._seat.lines.say(
                "Nothing is queued. A prompt typed while an answer comes is queued."
            )
        elif queue.pause is not None:
            self._queues.go_on(self._here)
            self._seat.lines.say("The queue goes on.")
            self.send_next(self._here)
        else:
            self._queues.pause(self._here, Pause.STOPPED)
            number = counted(len(queue.prompts), "prompt")
            self._seat.lines.say(f"The queue is paused with {number}; /queue goes on.")

    async def clear(self) -> str:
        """Take all queued prompts back; returns them as one text."""
        return "\n\n".join(await self._queues.clear(self._here))

    def pause(self) -> None:
        """Send nothing more of the open session's queue until the user goes on."""
        if self.has_prompts and not self.is_paused:
            self._queues.pause(self._here, Pause.STOPPED)
            self._seat.lines.say("The queue is paused; /queue goes on.")

    def end(self) -> None:
        """Send nothing more: the program ends; what is queued stays."""
        self._has_ended = True

    # -- sending ------------------------------------------------------------------------------

    def send_next(self, session_id: str) -> None:
        """Send the next prompt of a session, if it is free and its queue goes on."""
        if self._may_leave(session_id) and session_id not in self._leaving:
            self._leaving.add(session_id)
            self._seat.run(self._send_next(session_id))

    def _may_leave(self, session_id: str) -> bool:
        turns = self._seat.conversation.turns
        is_free = not (self._has_ended or turns.is_running(session_id) or turns.is_full)
        return is_free and bool(self._queues.of(session_id).next)

    async def _send_next(self, session_id: str) -> None:
        seat = self._seat
        try:
            seat.services.settings_to_send_by()
            connection = await seat.account.ready("the queue goes on")
            if connection is None:
                self._queues.pause(session_id, Pause.FAILED)
            elif self._may_leave(session_id):
                with seat.conversation.turns.reserved(session_id):
                    place = await self._place(session_id)
                    if place is None:
                        await self._queues.read(session_id)  # deleted with its session
                        return
                    session, options, parent_id = place
                    if session_id == self._here and await seat.conversation.branch.is_outgrown():
                        seat.notify(BESIDE)
                    message = await self._queues.send_next(session_id, parent_id, aside_of)
                    if message is None:
                        return
                    if session_id == self._here:
                        seat.lines.say(f"Next prompt: {line(message.content, _LONGEST)}")
                    seat.conversation.turns.start(connection.turns, session, message, options)
        except GroqchatError:
            self._queues.pause(session_id, Pause.FAILED)
            raise
        finally:
            self._leaving.discard(session_id)

    async def _place(self, session_id: str) -> tuple[Session, Options, str | None] | None:
        """Session, options and parent of the next prompt; None where the session was deleted."""
        conversation, services = self._seat.conversation, self._seat.services
        if session_id == self._here:
            options, branch = conversation.options, conversation.branch
            failed = branch.unanswered
            parent_id = failed.parent_id if failed else branch.leaf_id
            return keeping(conversation.session, options), options, parent_id
        session = await services.store.session(session_id)
        if session is None:
            return None
        options = remembered(session, services.settings, conversation.options.model)
        turn = conversation.turns.of(session_id)
        leaf_id = turn.leaf_id if turn is not None else session.leaf_id
        return keeping(session, options), options, leaf_id

    # -- what turns bring ---------------------------------------------------------------------

    def started(self, turn: RunningTurn) -> None:
        """A turn that begins changes no queue."""

    def heard(self, turn: RunningTurn, event: TurnEvent) -> None:
        """What a turn brings changes no queue."""

    async def ended(self, turn: RunningTurn) -> None:
        """The next prompt waits until the session is free."""

    def freed(self, turn: RunningTurn) -> None:
        """Go on after an answer; a turn that was stopped or failed pauses its queue."""
        self._queues.freed(turn.session.id, turn.phase)
        for ready in self._queues.ready:
            self.send_next(ready)
