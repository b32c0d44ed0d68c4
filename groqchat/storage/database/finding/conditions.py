"""Search queries as SQL conditions, with named values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.text.search_terms import Terms, firm_parts, is_plain, is_spaced, words_of
from groqchat.storage.database.search_index import has_fts5

if TYPE_CHECKING:
    import sqlite3

    from groqchat.domain.sessions.queries import Query

    Values = dict[str, object]

_WILD = re.compile("[%_!]")
_ESCAPED = r"!\g<0>"
_MODEL = "LIKE :model ESCAPE '!'"


def of_session(query: Query, table: str) -> tuple[str, Values]:
    """The conditions on a session: tags, cost, pin; and its dates and models as a whole.

    Args:
        query: The query.
        table: The name of the sessions in the statement.
    """
    also, values = labelled(query, table)
    if query.model:
        also += (
            f" AND ({table}.model {_MODEL} OR EXISTS (SELECT 1 FROM messages AS said "
            f"WHERE said.session_id = {table}.id AND said.model {_MODEL}))"
        )
        values["model"] = _part(query.model)
    for name, bound in (("after", query.after), ("before", query.before)):
        if bound is not None:
            also += f" AND {table}.updated {'>=' if name == 'after' else '<'} :{name}"
            values[name] = bound
    if query.role is not None:
        also += (
            " AND EXISTS (SELECT 1 FROM messages AS said "
            f"WHERE said.session_id = {table}.id AND said.role = :role)"
        )
        values["role"] = query.role.value
    return also, values


def labelled(query: Query, table: str) -> tuple[str, Values]:
    """The conditions on the labels and the cost of a session."""
    also = f" AND {table}.is_pinned = 1" if query.is_pinned else ""
    values: Values = {}
    for number, tag in enumerate(query.tags):
        also += f" AND {table}.id IN (SELECT session_id FROM session_tags WHERE tag = :tag{number})"
        values[f"tag{number}"] = tag
    # A double tells apart whatever two amounts people write.
    for name, bound in (("above", query.above), ("below", query.below)):
        if bound is not None:
            also += f" AND CAST({table}.cost AS REAL) {'>' if name == 'above' else '<'} :{name}"
            values[name] = float(bound)
    return also, values


def of_message(query: Query) -> tuple[str, Values]:
    """The conditions on a message ``m`` of a session ``s``.

    A prompt is by a model if one of its answers is.
    """
    also, values = labelled(query, "s")
    if query.shelf is not None:
        also += " AND s.is_archived = 1"
    if query.model:
        also += (
            f" AND (m.model {_MODEL} OR m.role = 'user' AND EXISTS (SELECT 1 FROM messages AS said "
            "WHERE said.parent_id = m.id AND said.session_id = m.session_id "
            f"AND said.model {_MODEL}))"
        )
        values["model"] = _part(query.model)
    for name, bound in (("after", query.after), ("before", query.before)):
        if bound is not None:
            also += f" AND m.created {'>=' if name == 'after' else '<'} :{name}"
            values[name] = bound
    if query.role is not None:
        also += " AND m.role = :role"
        values["role"] = query.role.value
    return also, values


def with_words(db: sqlite3.Connection, query: Query) -> tuple[str, Values]:
    """The condition that the title of a session or one of its messages has all words."""
    if not query.terms:
        return "", {}
    db.create_function("title_holds_terms", 1, query.terms.are_in)
    found = Words(db, query.terms)
    in_messages = f"SELECT m.session_id FROM {found.tables} WHERE {found.condition}"
    # A call of Python costs much more than LIKE, which tells of ASCII whether it may match.
    parts = dict.fromkeys(part for term in query.terms.terms for part in term.split())
    written = {f"title{number}": _part(part) for number, part in enumerate(parts)}
    plain = " AND ".join(f"sessions.title LIKE :{name} ESCAPE '!'" for name in written)
    may = f"({plain} OR sessions.title GLOB '*[^ -~]*')"
    title = f"{may} AND title_holds_terms(sessions.title)"
    return f" AND ({title} OR sessions.id IN ({in_messages}))", found.values | written


class Words:
    """The condition that a message ``m`` holds all terms, by the index or by a scan.

    Attributes:
        tables: What the statement reads from, with the messages as ``m``.
        condition: The condition.
        values: The named values of the condition.
        is_indexed: Whether the index finds the messages, and can rank them.
    """

    def __init__(self, db: sqlite3.Connection, terms: Terms) -> None:
        self.is_indexed = all(map(is_spaced, terms.terms)) and has_fts5(db)
        parts = [part for term in terms.terms for part in firm_parts(term)]
        self.values: Values = {f"part{number}": _part(part) for number, part in enumerate(parts)}
        also = "".join(f" AND m.content LIKE :{name} ESCAPE '!'" for name in self.values)
        if not self.is_indexed or not all(map(is_plain, terms.terms)):
            # The index has no punctuation: for "c++" it finds words that begin with "c".
            db.create_function("holds_terms", 1, terms.are_in)
            also += " AND holds_terms(m.content)"
        if self.is_indexed:
            phrases = (" ".join(words_of(term)) for term in terms.terms)
            self.values["words"] = " ".join(f'"{phrase}"*' for phrase in phrases)
            self.tables = "search_index JOIN messages AS m ON m.number = search_index.rowid"
            self.condition = f"search_index MATCH :words{also}"
        else:
            self.tables = "messages AS m"
            self.condition = f"m.state <> 'streaming'{also}"


def _part(text: str) -> str:
    """The pattern of LIKE that finds a text anywhere."""
    return f"%{_WILD.sub(_ESCAPED, text)}%"
