"""The commands that copy and compare answers, and show scores and the leaderboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import FEWEST_JUDGED
from groqchat.domain.errors.tree import GroqchatError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.dialogs.dialog import Ask


class ReadingActions:
    """Shows more of the answers and of the votes.

    Args:
        state: The comparison on the screen.
        ask: Opens a window and waits for its result.
        copy: Copies a text; returns what to say of it.
    """

    def __init__(
        self, state: CompareState, ask: Ask, copy: Callable[[str], Awaitable[str]]
    ) -> None:
        self._state = state
        self._ask = ask
        self._copy = copy

    async def copy(self) -> None:
        """Copy the answer in the column that has the focus."""
        column = self._state.here
        if column is None or not column.has_text:
            self._state.say("Press Tab, then c to copy an answer.")
            return
        self._state.say(await self._copy(column.text))

    async def fold(self) -> None:
        """Fold or unfold all parts of the answer in the column that has the focus."""
        column = self._state.here
        if column is None or not column.view.transcript.fold_parts(column.answer_id):
            self._state.say("Press Tab, then f to fold the parts of an answer in JSON.")

    async def differences(self) -> None:
        """Show two answers side by side, with their differences marked."""
        from groqchat.ui.dialogs.differences import DiffScreen

        state = self._state
        begun = [column for column in state.columns if column.has_text]
        shown = [column for column in begun if column.is_over or not state.is_turn]
        if len(shown) < FEWEST_JUDGED:
            state.refuse("There are no two answers yet.")
            return
        left = shown.index(state.here) if state.here in shown else 0
        texts = [
            (f"{column.number + 1} {state.comparison.name_of(column.column)}", column.text)
            for column in shown
        ]
        await self._ask(DiffScreen(texts, left))

    async def scores(self) -> None:
        """Show the sums of this comparison."""
        from groqchat.ui.compare.windows.scoreboard import Scoreboard

        if self._state.hides_names:
            self._state.say("Vote first: the scores would reveal the names.")
        else:
            await self._ask(Scoreboard(await self._state.ballot.scores()))

    async def leaderboard(self, tag: str = "") -> None:
        """Show the ratings from all votes, first of a kind of task: the named one, else this."""
        from groqchat.ui.compare.windows.leaderboard import LeaderboardScreen

        state = self._state
        records = state.ballot.records
        try:
            votes, notes = await records.all(), await records.notes()
        except GroqchatError as error:
            state.say_error(error)
        else:
            await self._ask(LeaderboardScreen(votes, notes, tag.lower() or state.comparison.tag))
