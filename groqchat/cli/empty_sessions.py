"""Removes the new session of a command that failed before there was an answer."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from groqchat.services.ports import SessionStore


@asynccontextmanager
async def without_empty_session(
    store: SessionStore, new_id: str | None
) -> AsyncGenerator[None, None]:
    """Delete a new session at the end if it has no answer; its ledger entries stay.

    Args:
        store: Where sessions are.
        new_id: The id of the session; None: the session is an older one, which stays.
    """
    try:
        yield
    finally:
        with suppress(StorageError):
            if new_id is not None and not await store.answers(new_id):
                await store.delete_session(new_id)
