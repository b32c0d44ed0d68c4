"""Copies of a branch for another session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groqchat.domain.turns.chat import Message


def at_rest(message: Message) -> Message:
    """A message as it is kept where nobody writes it on: what is half written is broken off."""
    is_growing = message.state is State.STREAMING
    return replace(message, state=State.BROKEN) if is_growing else message


def copied(path: Iterable[Message], session_id: str, new_id: Callable[[], str]) -> list[Message]:
    """Messages with ids of their own in another session, each behind the one before it.

    Args:
        path: The messages, in order.
        session_id: The session of the copies.
        new_id: Makes ids.
    """
    copies: list[Message] = []
    names: dict[str | None, str] = {}
    for message in path:
        names[message.id] = new_id()
        copies.append(
            replace(
                at_rest(message),
                id=names[message.id],
                session_id=session_id,
                parent_id=copies[-1].id if copies else None,
                kept_from=names.get(message.kept_from),
            )
        )
    return copies
