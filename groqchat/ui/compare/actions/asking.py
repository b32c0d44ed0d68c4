"""The commands that ask the columns, once more too, or another model in a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.compare.jobs import AnswersJob, PromptJob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groqchat.ui.compare.board import CompareBoard
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.compare.state import CompareState, Job


class AskingActions:
    """Asks the columns.

    Args:
        state: The comparison on the screen.
        board: Shows names and figures.
        start: Starts a job.
        offer: Starts the search for a model that can answer instead of one that failed.
        stored: Called with a prompt once it is stored.
    """

    def __init__(
        self,
        state: CompareState,
        board: CompareBoard,
        start: Callable[[Job], None],
        offer: Callable[[ColumnPresenter], object],
        stored: Callable[[str], None],
    ) -> None:
        self._state = state
        self._board = board
        self._start = start
        self._offer = offer
        self._stored = stored

    def ask(self, text: str) -> None:
        """Send a prompt to all columns."""
        self._start(PromptJob(self._state, self._board, text, self._stored, self._offer))

    def _ask_again(self, columns: Iterable[ColumnPresenter]) -> None:
        """Have some columns answer the last prompt once more."""
        numbers = []
        for column in columns:
            column.begin(is_again=True)
            numbers.append(column.number)
        events = self._state.comparison.ask_again(numbers)
        self._start(AnswersJob(self._state, self._board, events, self._offer))

    async def retry(self) -> None:
        """Ask the focused column again."""
        state = self._state
        if state.is_busy or not state.comparison.turn:
            state.refuse("Nothing was asked yet.")
        elif state.here is not None:
            self._ask_again([state.here])
        else:
            state.say("Press Tab, then r to ask for an answer again.")

    async def approve(self) -> None:
        """Go to the question whether a call of a tool may run."""
        if not self._state.approving.focus():
            self._state.refuse("No call of a tool waits for your word.")

    async def retry_failed(self) -> None:
        """Ask all columns again that have no complete answer."""
        state = self._state
        failed = [column for column in state.columns if not column.is_answered]
        if state.is_busy or not state.comparison.turn or not failed:
            state.refuse("Every column has an answer.")
        else:
            self._ask_again(failed)

    async def replace(self) -> None:
        """Let the model that is offered for a column answer there."""
        state = self._state
        offered = [column for column in state.columns if column.column.replacement]
        shown = state.here if state.here in offered else next(iter(offered), None)
        if shown is None or state.is_busy or state.hides_names:
            state.refuse("No replacement is proposed here.")
            return
        withdrawn = state.comparison.replace_model(shown.column)
        for column in offered:
            if column.column in withdrawn:
                column.reveal()
        self._ask_again([shown])
        for column in offered:
            if column.column in withdrawn:
                self._offer(column)  # another model, since this one has a column now
