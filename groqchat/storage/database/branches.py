"""Queries on the tree of a session's messages, without their texts."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from groqchat.domain.sessions.summaries import Outline

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

# From a leaf up to the first message, or as far as the limit allows.
BRANCH = """
    WITH RECURSIVE branch (number, parent_id) AS (
        SELECT number, parent_id FROM messages WHERE id = ?
        UNION ALL
        SELECT above.number, above.parent_id
        FROM branch JOIN messages AS above ON above.id = branch.parent_id
        LIMIT ?
    )
"""
# All of it stands in one index, so that a long session is not read page by page. SQLite makes the
# lists without Python's lock, so that tens of thousands of rows do not stop the event loop.
_TREE = """
    SELECT
        json_group_array(id), json_group_array(parent_id), json_group_array(role),
        json_group_array(length), json_group_array(state), json_group_array(model)
    FROM (
        SELECT id, parent_id, role, length, state, model FROM messages
        WHERE session_id = (SELECT session_id FROM messages WHERE id = ?) ORDER BY number
    )
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


def outline(db: sqlite3.Connection, leaf_id: str) -> Outline:
    """The branch from the first message to a leaf, with each message's place among its versions."""
    ids, parents, *looks = map(json.loads, db.execute(_TREE, (leaf_id,)).fetchone())
    if leaf_id not in ids:
        return Outline()
    children = Counter(parents)
    if len(children) == len(ids):  # nothing has versions, so that all before it leads there
        end = ids.index(leaf_id) + 1
        return Outline(ids[:end], *(column[:end] for column in looks))
    path = _path(ids, parents, leaf_id)
    roles, lengths, states, models = ([column[at] for at in path] for column in looks)
    versions = _versions(path, parents, children)
    return Outline([ids[at] for at in path], roles, lengths, states, models, versions)


def _path(ids: Sequence[str], parents: Sequence[str | None], leaf_id: str) -> list[int]:
    """The indexes of the messages from the first one to a leaf."""
    places = {id_: place for place, id_ in enumerate(ids)}
    path = []
    at = places.get(leaf_id)
    while at is not None:
        path.append(at)
        at = places.get(parents[at])  # type: ignore[arg-type]  # None is never found
    path.reverse()
    return path


def _versions(
    path: Iterable[int], parents: Sequence[str | None], children: Counter[str | None]
) -> dict[int, tuple[int, int]]:
    """The number and count of versions of messages with siblings, by their step on the path."""
    seen: Counter[str | None] = Counter()
    numbers = {}
    for place, parent_id in enumerate(parents):
        if children[parent_id] > 1:
            seen[parent_id] += 1
            numbers[place] = seen[parent_id], children[parent_id]
    return {step: numbers[place] for step, place in enumerate(path) if place in numbers}


def siblings(db: sqlite3.Connection, message_id: str) -> list[str]:
    """The ids of all versions of a message, oldest first, itself included."""
    return [row[0] for row in db.execute(_SIBLINGS, (message_id,))]


def leaf_below(db: sqlite3.Connection, message_id: str) -> str:
    """The newest message below a message, which is a leaf; an unknown id is returned as it is."""
    found = db.execute(_NEWEST_BELOW, (message_id,)).fetchone()
    return found[0] if found else message_id
