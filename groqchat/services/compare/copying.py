"""Copies of columns: the same model once more, to be asked with other parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.services.compare.column import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Options
    from groqchat.services.compare.compare import Comparison
    from groqchat.services.ports import Clock, SessionStore


async def copy_column(
    comparison: Comparison,
    column: Column,
    asked: tuple[Options, str],
    *,
    store: SessionStore,
    new_id: Callable[[], str],
    clock: Clock,
) -> None:
    """Put a copy of a column behind it, with the conversation before the last prompt.

    The copy has a prompt message of its own, since that tells which variant of a model gave an
    answer. Nothing is sent.

    Args:
        comparison: The comparison.
        column: The column.
        asked: How the copy is asked, and what tells it from other columns of its model.
        store: The store of messages.
        new_id: Makes the id of the prompt's message.
        clock: Time.

    Raises:
        StorageError: The prompt cannot be stored; nothing has changed.
    """
    copy = Column(*asked)
    if column.prompt is not None:
        copy.prompt = replace(column.prompt, id=new_id(), created=clock.now())
        copy.leaf_id = copy.prompt.parent_id
        await store.add_message(copy.prompt)
    comparison.columns.insert(comparison.columns.index(column) + 1, copy)
    await comparison.remember()
