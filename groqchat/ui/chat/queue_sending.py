"""Sends queued prompts, in sight or not, one after another as their sessions become free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.sessions.options import keeping, remembered
from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.ui.chat.queue_room import Place, QueueRoom
from groqchat.ui.conversation.branch import BESIDE
from groqchat.ui.slash import aside_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.account.connection import Connection
    from groqchat.services.sessions.prompt_queue import PromptQueues
    from groqchat.services.turns.ports import Asking
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.sessions.compaction.actions import CompactionActions
    from groqchat.ui.workspace.workspace import Workspace


class QueueSending:
    """Listens to turns: an answer lets the next prompt leave, a stop or an error pauses the queue.

    Args:
        workspace: The parts of the chat.
        queues: The queues of all sessions.
        compaction: Makes conversations shorter.
        changed: Called when a queue has changed.
    """

    def __init__(
        self,
        workspace: Workspace,
        queues: PromptQueues,
        compaction: CompactionActions,
        changed: Callable[[], None],
    ) -> None:
        self._workspace = workspace
        self._turns = workspace.conversation.turns
        self._queues = queues
        self.room = QueueRoom(workspace, queues, compaction)
        # Called when a queue may have been paused.
        self.paused: Callable[[], None] = lambda: None
        compaction.running.ended = self._compacted
        self._changed = changed
        # The sessions whose next prompt is on its way to become a turn.
        self._leaving: set[str] = set()
        # The last turn of each session whose prompt came from the queue.
        self._begun: dict[str, RunningTurn] = {}
        # The sessions whose queue waits for a compaction that failed.
        self._held: set[str] = set()
        self._has_ended = False

    def send_next(self, session_id: str) -> None:
        """Send the next prompt of a session, if it is free and its queue goes on."""
        if self._may_leave(session_id) and session_id not in self._leaving:
            self._leaving.add(session_id)
            self._workspace.run(self._send_next(session_id), group="queue")

    def _may_leave(self, session_id: str) -> bool:
        is_free = not (self._has_ended or self._turns.is_running(session_id))
        return is_free and not self._turns.is_full and bool(self._queues.of(session_id).next)

    async def _send_next(self, session_id: str) -> None:
        """Make the next prompt a message, and have it answered; what prevents that pauses."""
        workspace = self._workspace
        try:
            workspace.services.settings_to_send_by()
            connection = await workspace.account.ready("the queue goes on")
            if connection is None:
                self._queues.pause(session_id, Pause.FAILED)
            elif (why := await self._obstacle(session_id, connection)) is not None:
                self._queues.pause(session_id, why)
            elif self._may_leave(session_id):
                await self._start_next(session_id, connection.turns)
        except GroqchatError:
            self._queues.pause(session_id, Pause.FAILED)
            raise
        finally:
            self._leaving.discard(session_id)
            self._changed()
            self.paused()

    async def _obstacle(self, session_id: str, connection: Connection) -> Pause | None:
        """Why the next prompt cannot be sent, once the session has done what it does unasked."""
        place, prompt = await self.place(session_id), self._queues.of(session_id).next
        if place is None or prompt is None:
            return None
        return await self.room.obstacle(connection, place, prompt)

    async def _start_next(self, session_id: str, ask: Asking) -> None:
        with self._turns.reserved(session_id):
            place = await self.place(session_id)
            if place is None:
                await self._queues.read(session_id)  # deleted with its session
                return
            branch = self._workspace.conversation.branch
            if place.parent_id != branch.leaf_id and self._is_here(session_id):
                await self._workspace.conversation.show_branch(place.parent_id)
            elif self._is_here(session_id) and await branch.is_outgrown():
                self._workspace.notify(BESIDE, severity="warning")
            message = await self._queues.send_next(session_id, place.parent_id, aside_of)
            if message is not None:
                turn = self._turns.start(ask, place.session, message, place.options)
                self._begun[session_id] = turn

    def has_begun(self, turn: RunningTurn) -> bool:
        """Whether the prompt of a turn came from a queue, and not from the composer."""
        return self._begun.get(turn.session.id) is turn

    def _is_here(self, session_id: str) -> bool:
        return session_id == self._workspace.conversation.session.id

    async def place(self, session_id: str) -> Place | None:
        """The place of the next prompt of a session; None where the session was deleted.

        A prompt that got no answer makes way, as it does for one that is typed.
        """
        conversation, services = self._workspace.conversation, self._workspace.services
        turn = self._turns.of(session_id)
        if self._is_here(session_id):
            options, branch = conversation.options, conversation.branch
            failed = branch.unanswered
            parent_id = failed.parent_id if failed is not None else branch.leaf_id
            return Place(keeping(conversation.session, options), options, parent_id)
        session = await services.store.session(session_id)
        if session is None:
            return None
        options = remembered(session, services.settings, conversation.options.model)
        leaf_id = session.leaf_id
        if turn is not None and not await self._is_compacted(turn, leaf_id):
            leaf_id = turn.leaf_id
        return Place(keeping(session, options), options, leaf_id)

    async def _is_compacted(self, turn: RunningTurn, leaf_id: str | None) -> bool:
        """Whether a session was made shorter behind its last turn, or by it."""
        if turn.prompt is not None and turn.prompt.kind is MessageKind.SUMMARY:
            return True
        found = await self._workspace.services.store.messages([leaf_id] if leaf_id else [])
        return any(each.kind is MessageKind.COMPACTION for each in found.values())

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
        self._changed()
        self._send_ready()

    def _compacted(self, session_id: str, is_done: bool) -> None:
        """Go on behind a compaction; one that failed or was stopped pauses the queue."""
        if is_done:
            why = [Pause.FAILED] if session_id in self._held else []
            self._held.discard(session_id)
            self._queues.go_on(session_id, Pause.TOO_LONG, *why)
            self._changed()
        elif self._queues.of(session_id).next is not None:
            self._held.add(session_id)
            self._queues.pause(session_id, Pause.FAILED)
            self._changed()
        self._send_ready()

    def _send_ready(self) -> None:
        """Send the next prompt of every session that is free."""
        for session_id in self._queues.ready:
            self.send_next(session_id)

    def end(self) -> None:
        """Send nothing more: the program ends; what is queued stays."""
        self._has_ended = True
