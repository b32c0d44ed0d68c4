"""The board of a comparison: title, names, figures and keys; and the names that are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from groqchat.services.compare.reopening import messages_of
from groqchat.ui.compare.headline import headline, show_figures, show_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.services.ports import SessionStore
    from groqchat.ui.compare.foot import CompareFoot
    from groqchat.ui.compare.state import CompareState


class CompareBoard:
    """Shows a comparison as a whole.

    Args:
        state: The comparison on the screen.
        foot: Shows the keys.
        store: The store of messages.
        width: The width of the screen, in cells.
    """

    def __init__(
        self, state: CompareState, foot: CompareFoot, store: SessionStore, width: Callable[[], int]
    ) -> None:
        self.title = Static(id="title", markup=False)
        self._state = state
        self._foot = foot
        self._store = store
        self._width = width

    def show(self) -> None:
        """Write everything anew but the texts of the answers."""
        show_names(self._state.columns, self._state.ballot, is_judged=not self._state.is_turn)
        self.fit()

    def fit(self) -> None:
        """Write anew what depends on the size of the screen."""
        self.show_title()
        self.show_figures()
        self.show_keys()

    def show_title(self) -> None:
        """Write the models, the state of each column, and the judgement."""
        state, width = self._state, self._width() - 2
        self.title.update(headline(state.columns, state.ballot, width, is_judged=not state.is_turn))

    def show_figures(self) -> None:
        """Write the figures of each column, the best of each row marked."""
        show_figures(self._state.columns, self._state.ballot)

    async def show_booked_figures(self) -> None:
        """Show what answers without their end took and cost, as it was booked.

        Raises:
            StorageError: The answers cannot be read.
        """
        ids = [column.answer_id for column in self._state.columns if column.has_text]
        answers = await self._store.messages(ids)
        for column in self._state.columns:
            if answer := answers.get(column.answer_id):
                column.settle(answer)
        self.show_figures()

    def show_keys(self) -> None:
        """Write the keys that act now."""
        state = self._state
        self._foot.show_keys(
            is_busy=state.is_busy,
            is_begun=state.comparison.turn > 0,
            is_votable=bool(state.answered),
        )

    # -- names --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Show that a turn of all columns begins."""
        if self._state.comparison.is_blind:
            self._hide()
        for column in self._state.columns:
            column.begin(is_again=False)
        self.show()

    def _hide(self) -> None:
        """Shuffle the columns, and clear their messages, which would reveal the models."""
        self._state.comparison.hide_names()
        self.match_columns()
        for column in self._state.columns:
            column.view.transcript.show(())

    def match_columns(self) -> None:
        """Show each column of the comparison in its present place."""
        state = self._state
        for shown, column in zip(state.columns, state.comparison.columns, strict=True):
            shown.column = column

    async def reveal(self) -> None:
        """Show the names, all messages, and the errors.

        Raises:
            StorageError: The messages cannot be read.
        """
        for column in self._state.columns:
            column.show_whole(await messages_of(column.column, self._store))
            column.reveal()
        self.show()

    async def unhide_where_nobody_answered(self) -> None:
        """Show the names where no column has an answer, since there is nothing to vote on.

        Raises:
            StorageError: The messages cannot be read.
        """
        if self._state.hides_names and not self._state.answered:
            await self._state.ballot.unhide()
            await self.reveal()
