"""Reads elia's database, ``elia.sqlite`` (tables of elia-chat 1.10.0)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.importers.conversation import Conversation, Node, chained, digest
from groqchat.services.sessions.message_imports import time_of
from groqchat.storage.imports.tables import text_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence

    from groqchat.services.sessions.importers.images import ImportedImages
    from groqchat.storage.database.rows import Row
    from groqchat.storage.imports.tables import Tables

NAME = "elia"
REMARK = ""
TABLES = frozenset({"chat", "message", "system_prompt"})

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}


def conversations(
    tables: Tables, omitted: Counter[str], images: ImportedImages
) -> Iterator[tuple[str, Callable[[], Conversation]]]:
    """The chats that are not deleted, each with its place and a function that reads it."""
    # Messages of one moment are in the order of their numbers.
    said = tables.grouped("message", "chat_id", "role", "content", "timestamp", "model")
    for *chat, is_deleted in tables.rows("chat", "id", "title", "started_at", "model", "archived"):
        if is_deleted == 1:
            omitted["deleted chat"] += 1
        else:
            rows = said.get(chat[0], [])
            yield f"chat {chat[0]}", partial(_conversation, chat, rows, omitted)


def _conversation(chat: Sequence[Any], said: Sequence[Row], omitted: Counter[str]) -> Conversation:
    number, title, started, model = chat
    return Conversation(
        # Chats of two databases have the same numbers.
        digest(["elia", number, text_of(started)]),
        list(chained(_node(row, text_of(model), omitted) for row in said)),
        text_of(title),
        created=time_of(started),
        model=text_of(model) or None,
        is_named_by_content=True,
    )


def _node(row: Row, model: str, omitted: Counter[str]) -> Node:
    name, content, timestamp, own_model = row
    role = _ROLES.get(text_of(name))
    text = text_of(content)
    is_answer = role is Role.ASSISTANT
    if role is None:
        omitted["message of an unknown role"] += 1
    elif is_answer and not text.strip():
        omitted["empty answer"] += 1
    answered = text_of(own_model) or model or None
    return Node("", None, role, text, time_of(timestamp), answered if is_answer else None)
