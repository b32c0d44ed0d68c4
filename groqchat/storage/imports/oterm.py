"""Reads oterm's database, ``store.db`` (tables of oterm 0.26.1)."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.importers.conversation import Conversation, Node, chained, digest
from groqchat.services.sessions.importers.images import with_marks
from groqchat.storage.imports.tables import text_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence

    from groqchat.services.sessions.importers.images import ImportedImages
    from groqchat.storage.database.rows import Row
    from groqchat.storage.imports.tables import Tables

NAME = "oterm"
REMARK = (
    "oterm keeps no times, and one model for a whole chat: the time of its file and that model "
    "stand with each message."
)
TABLES = frozenset({"chat", "message"})

_AUTHORS = {"user": Role.USER, "assistant": Role.ASSISTANT}


def conversations(
    tables: Tables, omitted: Counter[str], images: ImportedImages
) -> Iterator[tuple[str, Callable[[], Conversation]]]:
    """The chats, each with its place and a function that reads it."""
    said = tables.grouped("message", "chat_id", "author", "text", "images")
    for chat in tables.rows("chat", "id", "name", "model", "system"):
        there = said.get(chat[0], [])
        yield f"chat {chat[0]}", partial(_conversation, chat, there, omitted, images)


def _conversation(
    chat: Row, said: Sequence[Row], omitted: Counter[str], images: ImportedImages
) -> Conversation:
    number, name, model, system = chat
    nodes = [_node(row, text_of(model) or None, omitted, images) for row in said]
    # Chats of two stores have the same numbers; their first prompts tell them apart.
    first = text_of(said[0][1]) if said else ""
    return Conversation(
        digest(["oterm", number, first]),
        list(chained(nodes)),
        text_of(name),
        system=text_of(system),
        model=text_of(model) or None,
        is_named_by_content=True,
    )


def _node(row: Row, model: str | None, omitted: Counter[str], images: ImportedImages) -> Node:
    author, text, written = row
    role = _AUTHORS.get(text_of(author))
    if role is None:
        omitted["message of an unknown author"] += 1
    taken = (images.of_base64(each, omitted) for each in _list(text_of(written)))
    shown = tuple(filter(None, taken))
    said = with_marks(text_of(text), shown)
    model = model if role is Role.ASSISTANT else None
    return Node("", None, role, said, model=model, images=shown)


def _list(written: str) -> list[str]:
    """The texts of a JSON list; none for anything else."""
    try:
        value = json.loads(written) if written else []
    except (ValueError, RecursionError):
        return []
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
