"""Copies of sessions: with all their branches, or of one branch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.sessions.copies import at_rest, copied
from groqchat.domain.turns.chat import State
from groqchat.domain.turns.session_kind import SessionKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.turns.chat import Session
    from groqchat.services.ports import SessionStore

COPY = "Copy of "
FORK = "Fork of "


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
    whole = archive.renamed(names.__getitem__)
    before = archive.session
    session = replace(
        whole.session,
        id=new_id(),
        title=f"{COPY}{before.title.removeprefix(COPY)}",
        created=now,
        updated=now,
        cost=None,
        is_pinned=False,
        is_archived=False,
    )
    own = replace(
        whole,
        session=session,
        messages=tuple(replace(at_rest(each), session_id=session.id) for each in whole.messages),
        record=whole.record and replace(whole.record, session_id=session.id),
        votes=(),
        notes=(),
        judgements=(),
    )
    await store.add_archives([own])
    return await store.session(session.id)


async def fork(
    store: SessionStore, message_id: str, new_id: Callable[[], str], now: float
) -> Session | None:
    """Add a session with copies of a message and of all messages that lead to it.

    The costs stay with the originals. None for an unknown id, and for an answer that is still
    being written.

    Raises:
        StorageError: It cannot be stored.
    """
    path = await store.path(message_id)
    before = await store.session(path[-1].session_id) if path else None
    if before is None or path[-1].state is State.STREAMING:
        return None
    session = replace(
        before,
        id=new_id(),
        title=f"{FORK}{before.title.removeprefix(FORK)}",
        created=now,
        updated=now,
        leaf_id=None,
        turns=0,
        cost=None,
        kind=SessionKind.CHAT,
        is_pinned=False,
        is_archived=False,
    )
    await store.add_copies([(session, copied(path, session.id, new_id))])
    return await store.session(session.id)
