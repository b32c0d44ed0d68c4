"""Reads parllama's files: ``chats/<id>.json``, one chat each."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.importers.conversation import Conversation, Node, chained
from groqchat.services.sessions.importers.images import with_marks
from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.message_imports import time_of

if TYPE_CHECKING:
    from collections import Counter

    from groqchat.services.sessions.importers.images import ImportedImages

NAME = "parllama"
REMARK = (
    "parllama keeps one time and one model for a whole chat: they stand with each of its messages."
)

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_FAILURE = re.compile(r"Error code: \d{3}\b")


def recognises(document: Fields) -> bool:
    """Whether a document is a chat of this format."""
    return "llm_config" in document.values and isinstance(document.values.get("messages"), list)


def read(document: Fields, omitted: Counter[str], images: ImportedImages) -> Conversation:
    """Read a chat.

    Args:
        document: The file.
        omitted: Counts what is left out, by its name.
        images: Takes its images.

    Raises:
        ValueError: It is none, or it is locked; the message says why.
    """
    if not recognises(document):
        raise ValueError("it is no chat of parllama (no `llm_config` and `messages`)")
    if document.values.get("__key__"):
        raise ValueError("it is locked with a password; unlock it in parllama first")
    model = _config(document).text("model_name")
    messages = document.objects("messages")
    if messages and _is_failure(messages[-1]):
        omitted["failed answer"] += 1
        messages.pop()
    nodes = [_node(fields, model, omitted, images) for fields in messages]
    updated = time_of(document.values.get("last_updated"))
    return Conversation(
        document.text("id") or document.text("name") or "parllama",
        list(chained(nodes)),
        document.text("name") or "",
        model=model,
        created=updated,
        updated=updated,
        is_named_by_content=True,
    )


def _config(document: Fields) -> Fields:
    """The settings of the model, which older versions wrote as JSON within JSON."""
    written = document.text("llm_config")
    try:
        return Fields.of(json.loads(written)) if written else document.inner("llm_config")
    except (ValueError, RecursionError):
        return Fields({})


def _is_failure(fields: Fields) -> bool:
    """Whether an answer is the error of a turn that failed, which parllama stores as one."""
    is_answer = fields.text("role") == "assistant"
    return is_answer and bool(_FAILURE.match(fields.text("content") or ""))


def _node(fields: Fields, model: str | None, omitted: Counter[str], images: ImportedImages) -> Node:
    for name, what in (("tool_calls", "tool call"), ("documents", "document")):
        there = fields.values.get(name)
        omitted[what] += len(there) if isinstance(there, list) else 0
    role = _ROLES.get(fields.text("role") or "")
    if role is None:
        is_tool = fields.text("role") == "tool"
        omitted["tool result" if is_tool else "message of an unknown role"] += 1
    urls = fields.texts("images")
    shown = tuple(filter(None, (images.of_url(url, omitted) for url in urls)))
    is_answer = role is Role.ASSISTANT
    return Node(
        "",
        None,
        role,
        with_marks(fields.text("content") or "", shown),
        model=model if is_answer else None,
        reasoning=(fields.text("thinking") or "") if is_answer else "",
        images=shown,
    )
