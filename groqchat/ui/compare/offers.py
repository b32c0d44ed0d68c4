"""Who could answer in a column instead of a model that cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import Action
from groqchat.services.account.alternatives import model_with_room

if TYPE_CHECKING:
    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.compare.side import Side


async def offer_another(screen: CompareScreen, side: Side) -> None:
    """Where another model helps, name one that has room and no column yet.

    Raises:
        StorageError: What is left for the models cannot be read.
    """
    column, error = side.column, side.column.error
    if error is None or column.prompt is None or Action.SWITCH_MODEL not in error.cause.actions:
        return
    connection = screen.connection
    here = {each.model for each in screen.comparison.columns}
    replacement = column.replacement or error.facts.replacement
    if replacement is None or replacement in here:
        path = await screen.parts.store.path(column.prompt.id)
        others = (each for each in connection.models.others(column.model) if each.id not in here)
        sizing, system = connection.accounting.sizing, column.options.system
        offer = await model_with_room(connection.quota, others, sizing, path, system)
        replacement = offer.model if offer else None
    if replacement is not None and column.error is error:
        side.offer(replacement, hides_names=screen.ballot.hides_names)
