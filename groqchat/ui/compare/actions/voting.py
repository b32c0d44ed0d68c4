"""The commands that vote on the answers of a turn, and hide the names until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.compare.rules import FEWEST_JUDGED

if TYPE_CHECKING:
    from groqchat.ui.compare.board import CompareBoard
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.compare.state import CompareState


class VotingActions:
    """Votes on the present turn.

    Args:
        state: The comparison on the screen.
        board: Shows names and figures.
    """

    def __init__(self, state: CompareState, board: CompareBoard) -> None:
        self._state = state
        self._board = board

    async def pick(self, column: ColumnPresenter) -> None:
        """Vote for the answer in a column."""
        state = self._state
        if state.is_busy or not column.is_answered:
            state.refuse("This column has no complete answer.")
            return
        if await self.vote(Verdict.WINNER, column.column.name):
            if not state.is_writing():  # else the focus would leave a prompt that is being written
                column.view.focus(scroll_visible=False)
            state.say(f"{column.number + 1} again, or Enter, goes on with it in the chat.")

    async def tie(self) -> None:
        """Vote that several answers are the best."""
        if len(self._state.answered) < FEWEST_JUDGED and not self._state.is_busy:
            self._state.say("A tie needs two complete answers.")
        elif await self.vote(Verdict.TIE):
            self._state.say("A tie. Enter goes on with the column that has the focus.")

    async def all_bad(self) -> None:
        """Vote that no answer is any good."""
        if await self.vote(Verdict.ALL_BAD):
            self._state.say("All bad. Press Tab to write another prompt, or ask again with r.")

    async def vote(self, verdict: Verdict, winner: str | None = None) -> bool:
        """Vote on the turn; returns whether the vote is stored."""
        state = self._state
        if state.is_busy or not state.answered:
            state.refuse("There is no answer to judge yet.")
            return False
        was_hidden = state.hides_names
        models = [column.column.name for column in state.answered]
        is_saved = await state.is_saved(state.ballot.cast(models, verdict, winner))
        if was_hidden:
            await self._board.reveal()
        self._board.show()
        return is_saved

    async def blind(self) -> None:
        """Hide and shuffle the names until each vote, or show them again."""
        state = self._state
        if state.is_busy:
            state.refuse("")
            return
        was_hidden = state.hides_names
        await state.ballot.toggle_blind()
        self._board.match_columns()
        if was_hidden:
            await self._board.reveal()
        self._board.show()
        if not state.comparison.is_blind:
            state.say("The names are shown.")
        elif state.hides_names:
            state.say("Names are hidden and shuffled at every turn, until you vote.")
        else:
            state.say("From the next prompt, names are hidden and shuffled until you vote.")
