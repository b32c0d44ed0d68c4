"""Makes room where a conversation is too long: before a prompt is sent, and by ``/compact``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.sessions.compaction.compactions import Compactions
from groqchat.ui.sessions.compaction.picker import (
    Choice,
    CompactionPicker,
    SummaryModelPicker,
)
from groqchat.ui.sessions.compaction.running import RunningCompactions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.domain.turns.chat import Message
    from groqchat.domain.turns.compaction import Plan
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.compactor import Outgrown
    from groqchat.ui.sessions.compaction.compactions import Asked
    from groqchat.ui.workspace.workspace import Workspace


async def _leave_all(_: Plan) -> None:
    """Nothing has to be put away as the compaction begins."""


class CompactionActions(Compactions):
    """Carries out compactions in the open session.

    Args:
        workspace: The parts of the chat.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.running = RunningCompactions(workspace)

    # -- before a prompt --------------------------------------------------------------------------

    async def make_room(
        self,
        connection: Connection,
        parent_id: str | None,
        text: str,
        begins: Callable[[Plan], Awaitable[None]] | None = None,
    ) -> bool:
        """Make room for a prompt that the conversation is too long for.

        The session does it unasked if the user said so, with a note in the transcript; otherwise
        the user chooses, and the prompt stays in the composer until then.

        Args:
            connection: The account.
            parent_id: The message that the prompt follows.
            text: The prompt.
            begins: Called as a compaction begins, if the prompt is in the composer until then.

        Returns:
            Whether the prompt may be sent now behind what is on the screen.
        """
        if parent_id is None:
            return True
        asked = self.asked(connection, begins)
        options, compactor = self._workspace.options, connection.compactor
        forecast = self._workspace.figures.forecast
        preview = forecast.preview(connection.turns, parent_id, options)
        if preview is not None and compactor.outgrown_by(preview, text) is None:
            return True  # most prompts: nothing is read before they are stored
        if options.compaction:
            plan = await self.automatic_plan(connection, parent_id, text)
            return plan is None or await self.carry_out(asked, plan, parent_id, is_automatic=True)
        outgrown = await compactor.outgrown(parent_id, text, options)
        if outgrown is None or not outgrown.is_urgent:
            return True
        plans = await self.plans(connection, parent_id, outgrown)
        # Where nothing can be left out, sending it says which limit is in the way.
        return not plans or await self.chosen(asked, plans, outgrown, parent_id)

    async def chosen(
        self,
        asked: Asked,
        plans: Sequence[Plan],
        outgrown: Outgrown | None,
        leaf_id: str,
    ) -> bool:
        """Have a way chosen and carry it out; False where none was, and nothing is to be sent."""
        choice = await self._workspace.ask(CompactionPicker(plans, outgrown))
        while choice is not None and choice.plan is None and not choice.is_sent:
            compactor, options = asked.connection.compactor, self._workspace.options
            by_model = await compactor.summaries(leaf_id, options, outgrown)
            plan = await self._workspace.ask(SummaryModelPicker(by_model))
            if plan is None:
                choice = await self._workspace.ask(CompactionPicker(plans, outgrown))
            else:
                choice = Choice(plan)
        if choice is None or choice.plan is None:
            return choice is not None
        if choice.is_always:
            await self._workspace.set_options(compaction=choice.plan.way.value)
        return await self.carry_out(asked, choice.plan, leaf_id)

    async def offer(self, connection: Connection, prompt: Message) -> bool:
        """Have a way chosen to send a prompt after all that was refused as too large.

        Returns:
            Whether the conversation is shorter now, and stands where the prompt may follow.
        """
        asked = self.asked(connection)
        plans = await self.plans_for(connection, prompt)
        if not plans or prompt.parent_id is None:
            return False
        options = self._workspace.conversation.options
        own = next((plan for plan in plans if plan.way == options.compaction), None)
        if own is not None:
            return await self.carry_out(asked, own, prompt.parent_id, is_automatic=True)
        outgrown = await connection.compactor.outgrown(prompt.parent_id, prompt.content, options)
        return await self.chosen(asked, plans, outgrown, prompt.parent_id)

    # -- carrying out -----------------------------------------------------------------------------

    async def carry_out(
        self, asked: Asked, plan: Plan, leaf_id: str, *, is_automatic: bool = False
    ) -> bool:
        """Make a conversation shorter; False where it is not on the screen, or not shorter."""
        workspace, session = self._workspace, asked.session
        turns = workspace.conversation.turns
        if session.id == workspace.conversation.session.id:
            if not workspace.is_free():
                return False
        elif asked.begins is not None or turns.is_running(session.id) or turns.is_full:
            return False  # a prompt that is still in a composer waits there as a draft
        compaction = asked.connection.compactor.compaction(
            session, plan, leaf_id, is_automatic=is_automatic
        )
        begins = asked.begins or _leave_all

        return await self.running.carry_out(
            asked.connection.turns, compaction, lambda: begins(plan)
        )
