"""The messages of a comparison that is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.compare.reopening import messages_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from groqchat.services.compare.ballot import Ballot
    from groqchat.services.ports import SessionStore
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.widgets.reports_errors import Run

    Offer = Callable[[ColumnPresenter], Awaitable[None]]


async def show_history(
    columns: Sequence[ColumnPresenter], ballot: Ballot, store: SessionStore, offer: Offer, run: Run
) -> None:
    """Show the messages and the judgements of a comparison that was left.

    A column that cannot be read does not keep the others from being shown.

    Args:
        columns: The columns.
        ballot: The judgements, which are read as well.
        store: The store of messages.
        offer: Finds a model that can answer instead of one that failed.
        run: Starts work whose expected errors are shown.
    """

    async def show(column: ColumnPresenter) -> None:
        messages = await messages_of(column.column, store)
        column.show_history(messages, hides_names=ballot.hides_names)
        await offer(column)

    for column in columns:
        await run(show(column), group="history").wait()
    await run(ballot.load(), group="history").wait()
