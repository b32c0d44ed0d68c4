"""The messages of a comparison that is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.compare.reopening import messages_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.services.ports import SessionStore
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.widgets.reports_errors import Run

    Offer = Callable[[ColumnPresenter], Awaitable[None]]


async def show_history(state: CompareState, store: SessionStore, offer: Offer, run: Run) -> None:
    """Show the messages and the judgements of a comparison that was left.

    A column that cannot be read does not keep the others from being shown.

    Args:
        state: The comparison on the screen.
        store: The store of messages.
        offer: Finds a model that can answer instead of one that failed.
        run: Starts work whose expected errors are shown.
    """
    for column in state.columns:
        await run(_show(column, state, store, offer), group="history").wait()
    await run(state.ballot.load(), group="history").wait()


async def _show(
    column: ColumnPresenter, state: CompareState, store: SessionStore, offer: Offer
) -> None:
    messages = await messages_of(column.column, store)
    column.show_history(messages, hides_names=state.hides_names)
    await offer(column)
