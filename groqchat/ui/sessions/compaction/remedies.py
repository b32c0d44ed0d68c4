"""What can be done about a compaction that failed: the same again, another model, another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import Action
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.turns.running_turn import Phase
from groqchat.ui.sessions.compaction.picker import SummaryModelPicker

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.compaction import Compaction
    from groqchat.ui.sessions.compaction.actions import CompactionActions
    from groqchat.ui.workspace.workspace import Workspace

_GONE_ON = "The conversation has gone on since; /compact offers the ways again."
_ENTER = "The conversation is shorter now; Enter sends the prompt."
_AGAIN = frozenset({Action.RETRY, Action.WAIT, Action.SEND_ANYWAY})
_OTHERWISE = frozenset({Action.SWITCH_MODEL, Action.SHORTEN})


def is_of_summary(workspace: Workspace, error: GroqchatError) -> bool:
    """Whether an error is the one that a request for a summary ended in, in the open session."""
    turn = workspace.conversation.turn
    if turn is None or turn.phase is not Phase.FAILED or turn.error is None or turn.prompt is None:
        return False
    is_same = turn.error.cause.name == error.cause.name
    return is_same and turn.prompt.kind is MessageKind.SUMMARY


class CompactionRemedies:
    """Carries out remedies of the errors of compactions; summaries that were paid for are kept.

    Args:
        workspace: The parts of the chat.
        actions: Carries compactions out.
    """

    def __init__(self, workspace: Workspace, actions: CompactionActions) -> None:
        self._workspace = workspace
        self._actions = actions

    async def carry_out(self, action: Action, error: GroqchatError) -> bool:
        """Do what was chosen, if the error is a compaction's; returns whether it is."""
        workspace = self._workspace
        if action not in _AGAIN | _OTHERWISE or not is_of_summary(workspace, error):
            return False
        session_id = workspace.conversation.session.id
        connection = await workspace.account.ready("the summary is asked for again")
        compaction = self._actions.running.unfinished.get(session_id)
        if connection is None or not workspace.is_free():
            return True
        if compaction is None or compaction.origin_id != self._stand():
            workspace.notify(_GONE_ON)
            return True
        if await self._is_done(connection, compaction, action, error) and workspace.composer.text:
            workspace.notify(_ENTER)
        return True

    def _stand(self) -> str | None:
        """The message at which the conversation stands; a prompt without an answer makes way."""
        branch = self._workspace.conversation.branch
        return branch.unanswered.parent_id if branch.unanswered else branch.leaf_id

    async def _is_done(
        self, connection: Connection, compaction: Compaction, action: Action, error: GroqchatError
    ) -> bool:
        """Make the conversation shorter, in the same way or another."""
        if action in _AGAIN:
            if action is Action.SEND_ANYWAY:
                connection.budget.allow_once()
            waiting_out = error if action is Action.WAIT else None
            return await self._actions.running.resume(connection.turns, compaction, waiting_out)
        workspace, leaf_id = self._workspace, compaction.origin_id
        asked, options = self._actions.asked(connection), workspace.options
        outgrown = await connection.compactor.outgrown(leaf_id, workspace.composer.text, options)
        if action is Action.SHORTEN:
            plans = await self._actions.plans(connection, leaf_id, outgrown)
            return await self._actions.chosen(asked, plans, outgrown, leaf_id)
        by_model = await connection.compactor.summaries(leaf_id, options, outgrown)
        plan = await workspace.ask(SummaryModelPicker(by_model))
        return plan is not None and await self._actions.carry_out(asked, plan, leaf_id)
