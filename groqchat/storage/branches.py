"""The tree of a session's messages, read without their texts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from groqchat.domain.chat import Role, State
from groqchat.domain.sessions import Stub

if TYPE_CHECKING:
    import sqlite3

# All of it stands in one index, so that a long session is not read page by page.
_TREE = """
    SELECT id, parent_id, role, length, state, model FROM messages
    WHERE session_id = (SELECT session_id FROM messages WHERE id = ?) ORDER BY number
"""
_SIBLINGS = """
    SELECT v.id FROM messages AS m JOIN messages AS v
        ON v.parent_id IS m.parent_id AND v.session_id = m.session_id
    WHERE m.id = ? ORDER BY v.number
"""
_NEWEST_BELOW = """
    WITH RECURSIVE below (id, number) AS (
        SELECT id, number FROM messages WHERE id = ?
        UNION ALL
        SELECT child.id, child.number
        FROM below JOIN messages AS child ON child.parent_id = below.id
    )
    SELECT id FROM below ORDER BY number DESC LIMIT 1
"""
_ROLES = {role.value: role for role in Role}
_STATES = {state.value: state for state in State}


def stubs(db: sqlite3.Connection, leaf_id: str) -> list[Stub]:
    """The branch from the first message to this one, each with its place among its versions."""
    nodes = {}
    versions: Counter[str | None] = Counter()  # how many there are by now under each parent
    for id_, parent_id, *rest in db.execute(_TREE, (leaf_id,)):
        versions[parent_id] += 1
        nodes[id_] = (parent_id, versions[parent_id], *rest)
    branch = []
    at: str | None = leaf_id
    while at is not None and at in nodes:
        parent_id, version, role, length, state, model = nodes[at]
        look = (_ROLES[role], length, _STATES[state], model)
        branch.append(Stub(at, *look, version, versions[parent_id]))
        at = parent_id
    branch.reverse()
    return branch


def siblings(db: sqlite3.Connection, message_id: str) -> list[str]:
    """The ids of all versions of a message, oldest first, itself included."""
    return [row[0] for row in db.execute(_SIBLINGS, (message_id,))]


def leaf_below(db: sqlite3.Connection, message_id: str) -> str:
    """The newest message under one, which is a leaf; one that is unknown is its own."""
    found = db.execute(_NEWEST_BELOW, (message_id,)).fetchone()
    return found[0] if found else message_id
