"""Room for queued prompts: made unasked where the session does so, else chosen by the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.compaction import AUTOMATIC
from groqchat.ui.sessions.compaction.compactions import Asked
from groqchat.ui.sessions.opening import LONGEST_TITLE
from groqchat.ui.slash import aside_of
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.sessions.prompt_queue import QueuedPrompt
    from groqchat.domain.turns.chat import Options, Session
    from groqchat.services.account.connection import Connection
    from groqchat.services.sessions.prompt_queue import PromptQueues
    from groqchat.services.turns.compactor import Outgrown
    from groqchat.ui.sessions.compaction.actions import CompactionActions
    from groqchat.ui.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """The place of the next prompt of a queue: its session, its options, and what it follows."""

    session: Session
    options: Options
    parent_id: str | None


class QueueRoom:
    """Finds out whether queued prompts fit, in sight or not, and what is done where they do not.

    Args:
        workspace: The parts of the chat.
        queues: The queues of all sessions.
        compaction: Makes conversations shorter.
    """

    def __init__(
        self, workspace: Workspace, queues: PromptQueues, compaction: CompactionActions
    ) -> None:
        self._workspace = workspace
        self._queues = queues
        self._compaction = compaction
        # Called with the session whose next prompt waits for a choice.
        self.stuck: Callable[[Session], None] = lambda _session: None
        # The prompts that the user sends as they are.
        self._passed: set[str] = set()

    async def obstacle(
        self, connection: Connection, place: Place, prompt: QueuedPrompt
    ) -> Pause | None:
        """Why a prompt cannot be sent now, once the session has done what it does unasked.

        Raises:
            StorageError: The conversation cannot be read.
        """
        if prompt.id in self._passed:
            return None
        compactor, options, parent_id = connection.compactor, place.options, place.parent_id
        text = aside_of(prompt.text) or prompt.text
        outgrown = await compactor.outgrown(parent_id, text, options)
        if outgrown is None:
            return None
        if options.compaction and parent_id is not None:
            model = self._workspace.services.settings.summary_model
            plan = await compactor.automatic_plan(parent_id, text, options, model=model)
            if plan is not None:
                asked = Asked(connection, place.session, None)
                is_done = await self._compaction.carry_out(
                    asked, plan, parent_id, is_automatic=True
                )
                # Out of sight a compaction that failed has paused the queue already.
                return None if is_done or not self._is_here(place.session) else Pause.FAILED
        if not outgrown.is_urgent:
            return None
        self._tell(place.session, outgrown)
        return Pause.TOO_LONG

    def _is_here(self, session: Session) -> bool:
        return session.id == self._workspace.conversation.session.id

    def _tell(self, session: Session, outgrown: Outgrown) -> None:
        """Say which queue waits, and where the choices are."""
        if self._is_here(session):
            words = (
                f"The next queued prompt is too long: ≈ {count(outgrown.tokens)} tokens with the "
                "conversation. Enter in the empty composer shows what can be done."
            )
        else:
            words = (
                f"“{line(session.title, LONGEST_TITLE)}”: its next queued prompt is too long. "
                "Ctrl+S leads to the session; Enter in the empty composer shows what can be done."
            )
        self._workspace.notify(words, severity="warning")
        self.stuck(session)

    async def chosen(self, connection: Connection, place: Place) -> bool | None:
        """Have the user choose how the next prompt of the session on the screen is sent.

        Returns:
            Whether the queue goes on; None where the conversation cannot be made shorter for it.

        Raises:
            StorageError: The conversation cannot be read.
        """
        prompt = self._queues.of(place.session.id).first
        if prompt is None:
            return False
        text, parent_id = aside_of(prompt.text) or prompt.text, place.parent_id
        outgrown = await connection.compactor.outgrown(parent_id, text, place.options)
        if outgrown is None or parent_id is None:
            return None if outgrown else True
        plans = await self._compaction.plans(connection, parent_id, outgrown)
        # The queue belongs to this session, and does not go along to a new one.
        plans = [plan for plan in plans if plan.way in AUTOMATIC]
        if not plans:
            return None
        asked = Asked(connection, place.session, None)
        if not await self._compaction.chosen(asked, plans, outgrown, parent_id):
            return False
        self._passed.add(prompt.id)
        return True
