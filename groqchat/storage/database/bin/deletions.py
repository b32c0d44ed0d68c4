"""Deleted messages: taken out of the table of messages, and put back as they were.

No query on messages finds them, since they stand in a table of their own, where whatever columns
messages get stand beside their names.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.sessions.deletion import Deletion, Node, Refusal, Restored, Tree, planned
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.storage.database import branches, comparisons
from groqchat.storage.database.messages import turns_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence
    from typing import Any

    from groqchat.domain.compare.compare import ComparisonRecord

    Changes = dict[str, Any]
    Moves = dict[str, tuple[str, str | None]]

_NODES = """
    SELECT id, parent_id, role, state, kind, kept_from FROM messages
    WHERE session_id = ? ORDER BY number
"""
_AMONG = "id IN (SELECT value FROM json_each(?))"
_RECOUNT = f"UPDATE messages SET changed_above = changed_above + ? WHERE {_AMONG}"
_KEEP = "INSERT INTO deleted_messages (number, deletion, message) VALUES (?, ?, ?)"
_LAST = """
    SELECT number, changes FROM deletions WHERE session_id = ? ORDER BY number DESC LIMIT 1
"""
_KEPT = "SELECT message FROM deleted_messages WHERE deletion = ? ORDER BY number"
# What was deleted before something that is removed goes as well: a deletion can be undone only
# where all later ones of its session can. A time in the future is that of a clock that was ahead.
_DUE = """
    FROM deletions WHERE number <= (
        SELECT max(later.number) FROM deletions AS later
        WHERE later.session_id = deletions.session_id AND (later.time <= ? OR later.time > ?)
    )
"""


def delete(db: sqlite3.Connection, message_id: str, *, with_branch: bool) -> Deletion | Refusal:
    """Delete a message, or a message with all that follows it, in a caller's transaction.

    Returns:
        What has changed, or the reason why nothing has.
    """
    found = db.execute(
        "SELECT session_id, leaf_id FROM messages JOIN sessions ON sessions.id = session_id "
        "WHERE messages.id = ?",
        (message_id,),
    ).fetchone()
    if found is None:
        return Refusal.UNKNOWN
    session_id, leaf_id = found
    deletion = planned(nodes_of(db, session_id), message_id, leaf_id, with_branch=with_branch)
    if isinstance(deletion, Refusal):
        return deletion
    turns = turns_of(db, session_id)
    before = _changed(db, session_id, leaf_id, deletion)
    _record(db, session_id, deletion, before)
    _add_turns(db, session_id, turns_of(db, session_id) - turns)
    return deletion


def undo(db: sqlite3.Connection, session_id: str) -> Restored | None:
    """Bring back what the last deletion in a session took out, in a caller's transaction.

    A message that an import has brought back meanwhile stays as that left it.
    """
    last = db.execute(_LAST, (session_id,)).fetchone()
    if last is None:
        return None
    number, changes = last[0], json.loads(last[1])
    turns = turns_of(db, session_id)
    kept = [json.loads(row[0]) for row in db.execute(_KEPT, (number,))]
    db.execute("DELETE FROM deletions WHERE number = ?", (number,))
    ids = tuple(message["id"] for message in kept if _put_back(db, message))
    for each, parent_id in changes["parents"].items():
        _set(db, "parent_id", each, parent_id)
    for each, kept_from in changes["kept_from"].items():
        _set(db, "kept_from", each, kept_from)
    _move_columns_back(db, session_id, changes["columns"])
    _recount(db, session_id, [message["id"] for message in kept], -1)
    _add_turns(db, session_id, turns_of(db, session_id) - turns)
    return Restored(ids, _put_leaf(db, session_id, changes))


def remove_old(db: sqlite3.Connection, times: tuple[float, float]) -> int:
    """Remove deleted messages for good, in a caller's transaction.

    Args:
        db: The connection.
        times: The Unix times up to which, and after which, a deletion is due.

    Returns:
        The number of deletions that can no longer be undone.
    """
    from groqchat.storage.database.images.rows import drop_unused
    from groqchat.storage.database.search_index import drop_deleted

    removed = db.execute(f"DELETE {_DUE}", times).rowcount
    if removed:
        drop_unused(db)
        drop_deleted(db)
    return removed


def has_old(db: sqlite3.Connection, times: tuple[float, float]) -> bool:
    """Whether :func:`remove_old` has something to remove."""
    due = "SELECT 1 FROM deletions WHERE time <= ? OR time > ? LIMIT 1"
    return db.execute(due, times).fetchone() is not None


def nodes_of(db: sqlite3.Connection, session_id: str) -> list[Node]:
    """All messages of a session without their texts, oldest first."""
    return [
        Node(id_, parent_id, Role(role), State(state), MessageKind(kind), kept_from)
        for id_, parent_id, role, state, kind, kept_from in db.execute(_NODES, (session_id,))
    ]


def _changed(
    db: sqlite3.Connection, session_id: str, leaf_id: str | None, deletion: Deletion
) -> Changes:
    """Change what a deletion leaves, and tell how it was before."""
    parents = {each: _get(db, "parent_id", each) for each in deletion.parents}
    kept_from = {each: _get(db, "kept_from", each) for each in deletion.kept_from}
    columns = _move_columns(db, session_id, deletion)
    for each, parent_id in deletion.parents.items():
        _set(db, "parent_id", each, parent_id)
    for each, first in deletion.kept_from.items():
        _set(db, "kept_from", each, first)
    db.execute(_RECOUNT, (1, json.dumps(list(deletion.below))))
    db.execute("UPDATE sessions SET leaf_id = ? WHERE id = ?", (deletion.leaf_id, session_id))
    return {
        "leaf": leaf_id,
        "shown": deletion.leaf_id,
        "parents": parents,
        "kept_from": kept_from,
        "columns": columns,
    }


def _record(db: sqlite3.Connection, session_id: str, deletion: Deletion, before: Changes) -> None:
    """Move the messages of a deletion out of the table of messages."""
    number = db.execute(
        "INSERT INTO deletions (session_id, time, changes) VALUES (?, ?, ?)",
        (session_id, time.time(), json.dumps(before)),
    ).lastrowid
    ids = (json.dumps(deletion.ids),)
    found = db.execute(f"SELECT * FROM messages WHERE {_AMONG} ORDER BY number", ids)
    columns = [column[0] for column in found.description]
    messages = [dict(zip(columns, row, strict=True)) for row in found]
    db.executemany(_KEEP, [(each["number"], number, json.dumps(each)) for each in messages])
    # From the newest one on: a message may not go while another one follows it.
    newest_first = [(each["number"],) for each in messages[::-1]]
    db.executemany("DELETE FROM messages WHERE number = ?", newest_first)


def _put_back(db: sqlite3.Connection, message: Mapping[str, object]) -> bool:
    """Add a deleted message as it was, unless it is there."""
    known = {row[1] for row in db.execute("PRAGMA table_info(messages)")}
    row = {name: value for name, value in message.items() if name in known}
    row["parent_id"] = _get(db, "id", row["parent_id"])
    marks = ", ".join("?" * len(row))
    add = f"INSERT OR IGNORE INTO messages ({', '.join(row)}) VALUES ({marks})"
    return db.execute(add, tuple(row.values())).rowcount > 0


def _get(db: sqlite3.Connection, column: str, message_id: object) -> str | None:
    found = db.execute(f"SELECT {column} FROM messages WHERE id = ?", (message_id,)).fetchone()
    return found[0] if found else None


def _set(db: sqlite3.Connection, column: str, message_id: str, other_id: str | None) -> None:
    """Let a message name another one, if that is there."""
    known = None if other_id is None else _get(db, "id", other_id)
    db.execute(f"UPDATE messages SET {column} = ? WHERE id = ?", (known, message_id))


def _recount(
    db: sqlite3.Connection, session_id: str, message_ids: Sequence[str], step: int
) -> None:
    """Note of all messages below some that other messages stand before them than before."""
    tree = Tree(nodes_of(db, session_id))
    below = tree.below(each for each in message_ids if each in tree.nodes)
    db.execute(_RECOUNT, (step, json.dumps(list(below))))


def _add_turns(db: sqlite3.Connection, session_id: str, turns: int) -> None:
    query = "UPDATE sessions SET turns = max(0, turns + ?) WHERE id = ?"
    db.execute(query, (turns, session_id))


def _put_leaf(db: sqlite3.Connection, session_id: str, changes: Changes) -> str | None:
    """Show the branch of the restored messages again, unless another one was chosen since."""
    (leaf_id,) = db.execute("SELECT leaf_id FROM sessions WHERE id = ?", (session_id,)).fetchone()
    was = _get(db, "id", changes["leaf"])
    if was is not None and leaf_id == changes["shown"]:
        leaf_id = was
    elif leaf_id is not None:
        leaf_id = branches.leaf_below(db, leaf_id)
    db.execute("UPDATE sessions SET leaf_id = ? WHERE id = ?", (leaf_id, session_id))
    return leaf_id  # type: ignore[no-any-return]  # a column of texts


def _prompt_before(db: sqlite3.Connection, prompt_id: str, deletion: Deletion) -> str | None:
    """The nearest prompt before a deleted one that is not deleted itself."""
    at: str | None = prompt_id
    while at is not None and (at in deletion.ids or _get(db, "role", at) != Role.USER):
        at = _get(db, "parent_id", at)
    return at


def _move_columns(db: sqlite3.Connection, session_id: str, deletion: Deletion) -> Moves:
    """Let the columns of a comparison whose prompt is deleted stand at the one before.

    Returns:
        For each column that was moved, by its place: its prompt before and now.
    """
    record = comparisons.record_of(db, session_id)
    moves: Moves = {}
    for place, column in enumerate(record.columns if record else ()):
        if column.prompt_id is not None and column.prompt_id in deletion.ids:
            now = _prompt_before(db, column.prompt_id, deletion)
            moves[str(place)] = (column.prompt_id, now)
    _put_columns(db, record, {place: now for place, (_, now) in moves.items()})
    return moves


def _move_columns_back(db: sqlite3.Connection, session_id: str, moves: Moves) -> None:
    """Undo :func:`_move_columns`, but for columns that were asked something since."""
    record = comparisons.record_of(db, session_id)
    places = dict(enumerate(record.columns if record else ()))
    back = {
        place: was
        for place, (was, now) in moves.items()
        if int(place) in places and places[int(place)].prompt_id == now
    }
    _put_columns(db, record, back)


def _put_columns(
    db: sqlite3.Connection, record: ComparisonRecord | None, prompts: Mapping[str, str | None]
) -> None:
    if record is None or not prompts:
        return
    columns = tuple(
        replace(column, prompt_id=prompts.get(str(place), column.prompt_id))
        for place, column in enumerate(record.columns)
    )
    comparisons.put_record(db, replace(record, columns=columns))
