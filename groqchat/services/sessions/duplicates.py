"""Copies of sessions, with all their branches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Session
    from groqchat.services.ports import SessionStore

COPY = "Copy of "


async def duplicate(
    store: SessionStore, session_id: str, new_id: Callable[[], str], now: float
) -> Session | None:
    """Add a copy of a session, whose costs stay with the original; None for an unknown id.

    Votes, notes and verdicts stay with the original too.

    Raises:
        StorageError: It cannot be stored.
    """
    archive = await store.archive(session_id)
    if archive is None:
        return None
    names: dict[str, str] = {message.id: new_id() for message in archive.messages}
    copied = archive.renamed(names.__getitem__)
    before = archive.session
    session = replace(
        copied.session,
        id=new_id(),
        title=f"{COPY}{before.title.removeprefix(COPY)}",
        created=now,
        updated=now,
        cost=None,
        is_pinned=False,
        is_archived=False,
    )
    own = replace(
        copied,
        session=session,
        messages=tuple(replace(each, session_id=session.id) for each in copied.messages),
        record=copied.record and replace(copied.record, session_id=session.id),
        votes=(),
        notes=(),
        judgements=(),
    )
    await store.add_archives([own])
    return await store.session(session.id)
