"""Splits a comparison into sessions, one for each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.copies import copied
from groqchat.domain.sessions.options import keeping
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Message
    from groqchat.services.compare.compare import Comparison
    from groqchat.services.ports import SessionStore


async def split_into_sessions(
    comparison: Comparison, store: SessionStore, new_id: Callable[[], str], now: float
) -> dict[int, str]:
    """Copy the conversation of every column that has an answer into a session of its own.

    Returns:
        The id of the last message of each new session, by the number of its column.

    Raises:
        StorageError: No session could be stored.
    """
    leaves: dict[int, str] = {}
    copies: list[tuple[Session, list[Message]]] = []
    for number, column in enumerate(comparison.columns):
        if column.leaf_id is None:
            continue
        path = await store.path(column.leaf_id)
        title = f"{column.model.rpartition('/')[2]}: {title_from(path[0].content)}"
        session = keeping(Session(new_id(), title, now, now), column.options)
        messages = copied(path, session.id, new_id)
        copies.append((session, messages))
        leaves[number] = messages[-1].id
    await store.add_copies(copies)
    return leaves
