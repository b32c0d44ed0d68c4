"""Reads, adds and deletes whole sessions, many in one transaction: none is ever incomplete."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.sessions.archive import Added, Archive
from groqchat.storage.database import comparisons, rows, votes
from groqchat.storage.database.images.rows import drop_unused, images_of_session, put_images
from groqchat.storage.database.messages import put_copies

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.turns.chat import Message, Session

_SESSION = f"SELECT {rows.SESSION_COLUMNS} FROM sessions WHERE id = ?"
_MESSAGES = f"SELECT {rows.MESSAGE_COLUMNS} FROM messages WHERE session_id = ? ORDER BY number"
_OWNERS = """
    SELECT id, session_id FROM messages WHERE id IN (SELECT value FROM json_each(?))
"""
_COUNT = "SELECT count(*) FROM messages WHERE session_id = ?"
# A session that is imported while it is in the bin comes back as it was there.
_RESTORE = "UPDATE sessions SET deleted = NULL WHERE id = ? AND deleted IS NOT NULL"
_END = "UPDATE sessions SET leaf_id = ?, updated = ?, cost = ? WHERE id = ?"


def read(db: sqlite3.Connection, session_id: str) -> Archive | None:
    """A session with all that belongs to it; None for an unknown id."""
    session = _session(db, session_id)
    if session is None:
        return None
    said = db.execute(_MESSAGES, (session_id,))
    return Archive(
        session,
        tuple(rows.message_from(message) for message in said),
        comparisons.record_of(db, session_id),
        *votes.feedback_of(db, session_id),
        images=images_of_session(db, session_id),
    )


def add(db: sqlite3.Connection, archives: Iterable[Archive]) -> list[Added]:
    """Add new sessions, and to those that are there the messages that they lack.

    A session with the id that shares no message stays unchanged. Messages get new ids where
    messages of other sessions have theirs.

    Args:
        db: The connection, in a transaction.
        archives: The sessions.
    """
    from groqchat.storage.database.search_index import indexed_at_once

    with indexed_at_once(db):
        return [_add(db, archive) for archive in archives]


def delete_for_good(db: sqlite3.Connection, session_ids: Sequence[str]) -> None:
    """Delete sessions in one statement for each table, and their words in one pass."""
    from groqchat.storage.database.search_index import drop_deleted

    among = "IN (SELECT value FROM json_each(?))"
    ids = (json.dumps(list(session_ids)),)
    db.execute(f"DELETE FROM sessions WHERE id {among}", ids)
    for table in ("drafts", "notes", "judgements"):
        db.execute(f"DELETE FROM {table} WHERE session_id {among}", ids)
    drop_unused(db)
    drop_deleted(db)


def _add(db: sqlite3.Connection, archive: Archive) -> Added:
    owners = _owners(db, archive)
    identifier = archive.session.id
    if set(owners.values()) - {identifier}:
        archive = archive.renamed(lambda name: _own_name(identifier, name))
        owners = _owners(db, archive)
    was_deleted = db.execute(_RESTORE, (identifier,)).rowcount > 0
    there = _session(db, identifier)
    missing = [message for message in archive.messages if message.id not in owners]
    if there is None:
        create_session(db, archive.session)
    elif not _is_beginning(db, archive, owners):
        if not missing or not owners:
            return Added(was_deleted, messages=0)
        archive = _grown(there, archive, missing)
    put_images(db, archive.images)
    put_copies(db, identifier, missing)
    _finish(db, archive)
    return Added(there is None or was_deleted, len(missing))


def _grown(there: Session, archive: Archive, missing: Sequence[Message]) -> Archive:
    """An archive that adds messages to a session with others of its own, and changes little else.

    The branch on show stays where it has been continued here.
    """
    known = {message.id for message in archive.branch}
    costs = [each.cost.total for each in missing if each.cost]
    cost = sum(costs, there.cost or Decimal(0)) if costs else there.cost
    leaf_id = archive.session.leaf_id if there.leaf_id in known else there.leaf_id
    updated = max(there.updated, archive.session.updated)
    session = replace(there, leaf_id=leaf_id, updated=updated, cost=cost)
    return Archive(session, archive.messages, images=archive.images)


def create_session(db: sqlite3.Connection, session: Session) -> None:
    """Add a session without messages; later messages update its sums."""
    names = ("id", "title", "created", "updated", "leaf_id", *rows.ASKED_WITH)
    db.execute(
        f"INSERT INTO sessions ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
        [rows.stored(getattr(session, name)) for name in names],
    )
    if session.is_pinned or session.is_archived:
        update = "UPDATE sessions SET is_pinned = ?, is_archived = ? WHERE id = ?"
        db.execute(update, (session.is_pinned, session.is_archived, session.id))
    if session.tags:
        put_tags(db, session.id, session.tags)


def put_tags(db: sqlite3.Connection, session_id: str, tags: Iterable[str]) -> None:
    """Give a session these tags in place of those that it has."""
    db.execute("DELETE FROM session_tags WHERE session_id = ?", (session_id,))
    pairs = [(session_id, rows.storable(tag)) for tag in dict.fromkeys(tags)]
    db.executemany("INSERT INTO session_tags (session_id, tag) VALUES (?, ?)", pairs)


def _finish(db: sqlite3.Connection, archive: Archive) -> None:
    session = archive.session
    cost = rows.money_text(session.cost)
    db.execute(_END, (session.leaf_id, session.updated, cost, session.id))
    if archive.record is not None:
        comparisons.put_record(db, archive.record)
    for vote in archive.votes:
        votes.put_vote(db, vote, over=False)
    for note in archive.notes:
        votes.put_note(db, note, over=False)
    for judged in archive.judgements:
        votes.put_judgement(db, judged, over=False)


def _owners(db: sqlite3.Connection, archive: Archive) -> Mapping[str, str]:
    """The sessions of those messages of an archive that exist already, by message id."""
    ids = json.dumps([message.id for message in archive.messages])
    return dict(db.execute(_OWNERS, (ids,)))


def _session(db: sqlite3.Connection, session_id: str) -> Session | None:
    row = db.execute(_SESSION, (session_id,)).fetchone()
    return row and rows.session_from(row)


def _is_beginning(db: sqlite3.Connection, archive: Archive, owners: Mapping[str, str]) -> bool:
    """Whether a session holds only messages of the archive, and not all of them."""
    (count,) = db.execute(_COUNT, (archive.session.id,)).fetchone()
    return bool(count == len(owners) < len(archive.messages))


def _own_name(session_id: str, name: str) -> str:
    return hashlib.sha256(f"{session_id} {name}".encode()).hexdigest()[:20]
