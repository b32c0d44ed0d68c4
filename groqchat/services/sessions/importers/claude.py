"""Reads Claude's data export: ``conversations.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.fences import attached
from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.importers.conversation import Conversation, Node
from groqchat.services.sessions.message_imports import time_of

if TYPE_CHECKING:
    from collections import Counter

    from groqchat.services.sessions.importers.images import ImportedImages
    from groqchat.services.sessions.json_fields import Fields

NAME = "claude"
REMARK = "Claude's export names no models."

_ROLES = {"human": Role.USER, "assistant": Role.ASSISTANT}
_BLOCKS = {"tool_use": "tool call", "tool_result": "tool result"}
# Counts of tokens between the blocks, which are no content.
_SILENT = frozenset({"text", "thinking", "token_budget"})


def recognises(document: Fields) -> bool:
    """Whether a document is a conversation of this format."""
    return isinstance(document.values.get("chat_messages"), list)


def read(document: Fields, omitted: Counter[str], images: ImportedImages) -> Conversation:
    """Read a conversation.

    Args:
        document: One item of the list in the file.
        omitted: Counts what is left out, by its name.
        images: Unused, since the export has none.

    Raises:
        ValueError: It is none; the message says why.
    """
    if not recognises(document):
        raise ValueError("it has no messages (no `chat_messages`)")
    messages = document.objects("chat_messages")
    omitted["unreadable message"] += len(document.values["chat_messages"]) - len(messages)
    nodes: list[Node] = []
    for number, fields in enumerate(messages):
        before = nodes[-1].key if nodes else None
        nodes.append(_node(fields, str(number), before, omitted))
    key = document.text("uuid") or (nodes[0].key if nodes else "empty")
    return Conversation(
        key,
        nodes,
        document.text("name") or "",
        created=time_of(document.values.get("created_at")),
        updated=time_of(document.values.get("updated_at")),
    )


def _node(fields: Fields, place: str, before: str | None, omitted: Counter[str]) -> Node:
    """A message; older exports name no parents, and there the one before it is the parent."""
    parent = (
        fields.text("parent_message_uuid") if "parent_message_uuid" in fields.values else before
    )
    role = _ROLES.get(fields.text("sender") or "")
    if role is None:
        omitted["message of an unknown sender"] += 1
    is_answer = role is Role.ASSISTANT
    return Node(
        fields.text("uuid") or place,
        parent,
        role,
        _text(fields, omitted),
        time_of(fields.values.get("created_at")),
        reasoning=_joined(fields, "thinking", "thinking") if is_answer else "",
    )


def _text(fields: Fields, omitted: Counter[str]) -> str:
    """The words of a message, and of the texts that were pasted beside it."""
    blocks = fields.objects("content")
    for block in blocks:
        kind = block.text("type") or "unknown"
        if kind not in _SILENT:
            omitted[_BLOCKS.get(kind, f"{kind} block")] += 1
    # Beside blocks, `text` repeats the reasoning, and has a sentence for each tool.
    words = _joined(fields, "text", "text") if blocks else fields.text("text") or ""
    pasted = []
    for file in fields.objects("attachments"):
        content = file.text("extracted_content")
        if content:
            name = file.text("file_name")
            pasted.append(attached(name, content) if name else content)
        else:
            omitted["attached file"] += 1
    omitted["attached file"] += len(fields.objects("files"))
    return "\n\n".join(text for text in (words, *pasted) if text.strip())


def _joined(fields: Fields, kind: str, name: str) -> str:
    """The texts of the blocks of one type, with a blank line between them."""
    texts = (block.text(name) for block in fields.objects("content") if block.text("type") == kind)
    return "\n\n".join(text for text in texts if text and text.strip())
