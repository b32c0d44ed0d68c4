"""Sends queued prompts, in sight or not, one after another as their sessions become free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.sessions.options import keeping, remembered
from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.turns.running_turn import Phase
from groqchat.ui.slash import aside_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Options, Session, TurnEvent
    from groqchat.services.account.connection import Connection
    from groqchat.services.sessions.prompt_queue import PromptQueues
    from groqchat.services.turns.ports import Asking
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.sessions.compaction import CompactionActions
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
        self._compaction = compaction
        compaction.running.ended = self._compacted
        self._changed = changed
        # The sessions whose next prompt is on its way to become a turn.
        self._leaving: set[str] = set()
        # The last turn of each session whose prompt came from the queue.
        self._begun: dict[str, RunningTurn] = {}
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
            if connection is None or not await self._has_room(session_id, connection):
                self._queues.pause(session_id, Pause.FAILED)
            elif self._may_leave(session_id):
                await self._start_next(session_id, connection.turns)
        except GroqchatError:
            self._queues.pause(session_id, Pause.FAILED)
            raise
        finally:
            self._leaving.discard(session_id)
            self._changed()

    async def _has_room(self, session_id: str, connection: Connection) -> bool:
        """Whether the next prompt may be sent, once the session has done what it does unasked."""
        conversation, prompt = self._workspace.conversation, self._queues.of(session_id).next
        is_here = session_id == conversation.session.id
        if prompt is None or not (is_here and conversation.options.compaction):
            return True
        failed, leaf_id = conversation.branch.unanswered, conversation.branch.leaf_id
        parent_id = failed.parent_id if failed else leaf_id
        has_room = await self._compaction.make_room(connection, parent_id, prompt.text)
        # Out of sight a compaction that failed has paused the queue already.
        return has_room or session_id != conversation.session.id

    async def _start_next(self, session_id: str, ask: Asking) -> None:
        with self._turns.reserved(session_id):
            asked = await self._asked_next(session_id)
            if asked is None:
                await self._queues.read(session_id)  # deleted with its session
                return
            session, options, parent_id = asked
            message = await self._queues.send_next(session_id, parent_id, aside_of)
            if message is not None:
                self._begun[session_id] = self._turns.start(ask, session, message, options)

    def has_begun(self, turn: RunningTurn) -> bool:
        """Whether the prompt of a turn came from a queue, and not from the composer."""
        return self._begun.get(turn.session.id) is turn

    async def _asked_next(self, session_id: str) -> tuple[Session, Options, str | None] | None:
        """A session with the options of its next prompt, and the message that this follows.

        A prompt that got no answer makes way, as it does for one that is typed. None where the
        session was deleted.
        """
        conversation, services = self._workspace.conversation, self._workspace.services
        branch, turn = conversation.branch, self._turns.of(session_id)
        if session_id == conversation.session.id:
            if (unanswered := branch.unanswered) is not None:
                await conversation.show_branch(unanswered.parent_id)
            options = conversation.options
            return keeping(conversation.session, options), options, branch.leaf_id
        session = await services.store.session(session_id)
        if session is None:
            return None
        options = remembered(session, services.settings, conversation.options.model)
        is_summary = turn is not None and _is_summary(turn)  # then the session stands elsewhere
        leaf_id = turn.leaf_id if turn and not is_summary else session.leaf_id
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
        session_id = turn.session.id
        match turn.phase:
            case Phase.ENDED:
                self._queues.go_on(session_id, Pause.FAILED)
            case Phase.FAILED:
                self._queues.pause(session_id, Pause.FAILED)
            case _:
                self._queues.pause(session_id, Pause.STOPPED)
        self._changed()
        self._send_ready()

    def _compacted(self, session_id: str, is_done: bool) -> None:
        """Go on behind a compaction; one that failed or was stopped pauses the queue."""
        if not is_done and self._queues.of(session_id).next is not None:
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


def _is_summary(turn: RunningTurn) -> bool:
    return turn.prompt is not None and turn.prompt.kind is MessageKind.SUMMARY
