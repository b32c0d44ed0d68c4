"""The open session of the plain chat: its options, its branch, and its turns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.sessions.options import beginning, remembered
from groqchat.domain.turns.chat import State
from groqchat.services.turns.running_turn import Phase
from groqchat.ui.conversation.asking import TurnAsking
from groqchat.ui.conversation.branch import Branch
from groqchat.ui.conversation.own_options import before_summaries

if TYPE_CHECKING:
    from groqchat.bootstrap import LocalServices
    from groqchat.domain.turns.chat import Message, Session
    from groqchat.services.turns.running import RunningTurns
    from groqchat.services.turns.running_turn import RunningTurn


class PlainConversation(TurnAsking):
    """The open session.

    Args:
        services: The services.
        turns: The turns of all sessions.
        named_model: The model that was named for this run; new sessions begin with it.
    """

    def __init__(
        self, services: LocalServices, turns: RunningTurns, named_model: str | None
    ) -> None:
        self._services = services
        self.turns = turns
        self.named_model = named_model
        self.branch = Branch(services)
        self.begin_options(beginning(services.settings, named_model or ""))

    async def open(self, session: Session, message_id: str | None = None) -> None:
        """Open a saved session where it was left, or at one of its messages."""
        store, leaf_id = self._services.store, session.leaf_id
        if message_id is not None and message_id != leaf_id:
            is_there = leaf_id is not None and message_id in (await store.outline(leaf_id)).ids
            leaf_id = leaf_id if is_there else await store.leaf_below(message_id)
        turn = self.turns.of(session.id)
        if turn is not None and turn.is_running and turn.prompt is not None:
            leaf_id = (turn.last or turn.prompt).id
        end = await self.branch.end_at(leaf_id)
        if not self.turns.is_running(session.id) and (before := before_summaries(end)) is not None:
            leaf_id = before
            end = await self.branch.end_at(leaf_id)
        self.branch.session = session
        self.options = remembered(session, self._services.settings, self.options.model)
        self.branch.stand_at(leaf_id, end)

    async def start_new(self) -> None:
        """Begin an empty session; it is saved with its first prompt."""
        self.branch.start_new()
        new = beginning(self._services.settings, self.options.model)
        self.options = replace(new, model=self.named_model or new.model)

    async def show_branch(self, leaf_id: str | None, message_id: str | None = None) -> None:
        """Stand at a leaf of the open session."""
        self.branch.stand_at(leaf_id, await self.branch.end_at(leaf_id))

    async def settle(self, turn: RunningTurn) -> None:
        """Stand where a turn of the open session has ended."""
        branch = self.branch
        if not turn.is_saved:
            branch.unanswered = turn.prompt
        elif turn.answer is not None:
            branch.leaf_id = turn.answer.id
            branch.unanswered = None
        elif turn.prompt is not None:
            # Where it was answered before, that answer is better than none.
            store, last = self._services.store, turn.last
            await self.show_branch(last.id if last else await store.leaf_below(turn.prompt.id))

    @property
    def is_answered(self) -> bool:
        """Whether the last turn of the open session ended in an answer, whole or not."""
        return self.turn is not None and self.turn.phase is Phase.ENDED

    def is_answered_elsewhere(self, answer: Message) -> bool:
        """Whether an answer of the open session is being written by another program."""
        return answer.state is State.STREAMING and not self.is_busy
