"""The commands that go on in the chat with answers of a comparison."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.errors.tree import GroqchatError, StorageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from groqchat.services.compare.column import Column
    from groqchat.ui.compare.actions.voting import VotingActions
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.compare.state import CompareState


class LeavingActions:
    """Goes on with answers.

    Args:
        state: The comparison on the screen.
        voting: Votes for an answer that is gone on with.
        split: Copies each column into a session; returns their last messages by column number.
        leave: Closes the comparison; takes the id of the answer that the chat goes on with.
        stand_at: Stores that the session goes on where a column ends, and with its model.
    """

    def __init__(
        self,
        state: CompareState,
        voting: VotingActions,
        split: Callable[[], Awaitable[Mapping[int, str]]],
        leave: Callable[[str | None], None],
        stand_at: Callable[[Column], Awaitable[None]],
    ) -> None:
        self._state = state
        self._voting = voting
        self._split = split
        self._leave = leave
        self._stand_at = stand_at

    async def pick(self, column: ColumnPresenter) -> None:
        """Vote for a column; go on with it where it is the winner already."""
        if column.is_answered and self._is_winner(column):
            await self._go_on_with(column)
        else:
            await self._voting.pick(column)

    async def go_on(self) -> None:
        """Go on with the answer of the column that has the focus, else with the winner."""
        winner = next(filter(self._is_winner, self._state.columns), None)
        column = self._state.here or winner
        if column is not None:
            await self._go_on_with(column)
        else:
            self._state.say("Press Tab, then Enter to go on with an answer.")

    async def go_on_with_all(self) -> None:
        """Give every column a session; that of the column with the focus opens."""
        state = self._state
        if state.is_busy or not any(column.column.leaf_id for column in state.columns):
            state.refuse("There is no answer to go on with yet.")
            return
        try:
            leaves = await self._split()
        except GroqchatError as error:
            state.say_error(error)
            return
        here = state.here.number if state.here else 0
        self._leave(leaves.get(here, next(iter(leaves.values()))))

    async def close(self, last: ColumnPresenter) -> None:
        """Close; the chat then shows the winner's conversation, else that of a column.

        Args:
            last: The column that had the focus last; one with an answer goes before it where it has
                none.
        """
        state = self._state
        if not state.hides_names and state.comparison.turn:
            winner = next(filter(self._is_winner, state.columns), None)
            answered = next(iter(state.answered), last)
            shown = winner or (last if last.is_answered else answered)
            with suppress(StorageError):  # the chat then shows the answer that came last
                await self._stand_at(shown.column)
        self._leave(None)

    async def _go_on_with(self, column: ColumnPresenter) -> None:
        """Go on with an answer; without a vote on the turn it becomes the winner."""
        state = self._state
        answer_id = column.column.leaf_id
        if state.is_busy or answer_id is None:
            state.refuse("There is no answer to go on with yet.")
            return
        if state.ballot.vote is None and column.is_answered:
            await self._voting.vote(Verdict.WINNER, column.column.name)
        self._leave(answer_id)

    def _is_winner(self, column: ColumnPresenter) -> bool:
        return self._state.ballot.winner == column.column.name
