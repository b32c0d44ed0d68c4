"""Reads Open WebUI's export: ``chat-export-….json``, a list of chats."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from groqchat.domain.sessions.labels import MOST_TAGS, tag_from
from groqchat.domain.turns.chat import Role, State
from groqchat.services.sessions.importers.conversation import Conversation, Node, chained
from groqchat.services.sessions.importers.images import OMITTED, with_marks
from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.message_imports import time_of

if TYPE_CHECKING:
    from collections import Counter

    from groqchat.domain.images.image import Image
    from groqchat.services.sessions.importers.images import ImportedImages

NAME = "openwebui"
REMARK = ""

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_DETAILS = re.compile(
    r"<details\b[^>]*?\btype=\"(?P<type>[\w-]+)\"[^>]*>(?P<body>.*?)</details>\n?", re.DOTALL
)
_SUMMARY = re.compile(r"<summary>.*?</summary>\n?", re.DOTALL)
_QUOTED = re.compile(r"^> ?", re.MULTILINE)
_IMAGES = frozenset({"image", "image_url", "input_image"})
_CALLS = {"function_call": "tool call", "function_call_output": "tool result"}


def recognises(document: Fields) -> bool:
    """Whether a document is a chat of this format; old exports lack the outer object."""
    chat = _chat(document)
    history = chat.inner("history")
    return isinstance(history.values.get("messages"), dict) or (
        "chat" in document.values and isinstance(chat.values.get("messages"), list)
    )


def read(document: Fields, omitted: Counter[str], images: ImportedImages) -> Conversation:
    """Read a chat.

    Args:
        document: One item of the list in the file.
        omitted: Counts what is left out, by its name.
        images: Takes its images.

    Raises:
        ValueError: It is none; the message says why.
    """
    if not recognises(document):
        raise ValueError("it has no messages (no `history`)")
    chat = _chat(document)
    history = chat.inner("history")
    models = chat.texts("models")
    tree = history.inner("messages")
    if tree:
        nodes = [_node(tree.inner(key), key, models, omitted, images) for key in tree.values]
    else:  # a flat copy of the branch on show, which is all that broken chats have
        flat = chat.objects("messages")
        nodes = list(chained(_node(each, "", models, omitted, images) for each in flat))
    return Conversation(
        document.text("id") or chat.text("id") or (nodes[0].key if nodes else "empty"),
        nodes,
        document.text("title") or chat.text("title") or "",
        _leaf(document, history, tree),
        chat.text("system") or chat.inner("params").text("system") or "",
        models[0] if models else None,
        time_of(document.values.get("created_at", chat.values.get("timestamp"))),
        time_of(document.values.get("updated_at")),
        is_pinned=document.flag("pinned"),
        is_archived=document.flag("archived"),
        tags=tuple(filter(None, map(tag_from, document.inner("meta").texts("tags"))))[:MOST_TAGS],
    )


def _leaf(document: Fields, history: Fields, tree: Fields) -> str | None:
    """The message that ends the branch on show; None where the pointers lead nowhere."""
    told = (history.text("currentId"), document.text("current_message_id"))
    return next((name for name in told if name in tree.values), None)


def _chat(document: Fields) -> Fields:
    return document.inner("chat") or document


def _node(
    fields: Fields,
    key: str,
    models: tuple[str, ...],
    omitted: Counter[str],
    images: ImportedImages,
) -> Node:
    role = _ROLES.get(fields.text("role") or "")
    if role is None:
        omitted["message of an unknown role"] += 1
    text, reasoning = _said(fields, omitted)
    shown = _shown(fields, role, omitted, images)
    is_answer = role is Role.ASSISTANT
    is_failed = is_answer and bool(fields.values.get("error"))
    if is_failed and not text:
        omitted["failed answer"] += 1
    is_whole = not is_failed and fields.flag("done", otherwise=True)
    model = fields.text("model") or (models[0] if models else None)
    return Node(
        key,
        fields.text("parentId"),
        role,
        with_marks(text, shown),
        time_of(fields.values.get("timestamp")),
        model if is_answer else None,
        reasoning if is_answer else "",
        State.COMPLETE if is_whole else State.BROKEN,
        images=shown,
    )


def _shown(
    fields: Fields, role: Role | None, omitted: Counter[str], images: ImportedImages
) -> tuple[Image, ...]:
    """The images of a prompt; those of an answer, which no request would take, are counted."""
    files = [each.text("url") or "" for each in fields.objects("files") if _is_image(each)]
    omitted["attached file"] += len(fields.objects("files")) - len(files)
    parts = [each for each in fields.objects("content") if _is_image(each)]
    urls = [*(each.inner("image_url").text("url") or "" for each in parts), *files]
    if role is not Role.USER:
        omitted[OMITTED] += len(urls)
        return ()
    return tuple(filter(None, (images.of_url(url, omitted) for url in urls)))


def _is_image(part: Fields) -> bool:
    return part.text("type") in _IMAGES


def _said(fields: Fields, omitted: Counter[str]) -> tuple[str, str]:
    """The words of a message and its reasoning."""
    content = fields.values.get("content")
    text = content if isinstance(content, str) else _texts(content, omitted)
    thoughts: list[str] = []

    def told(found: re.Match[str]) -> str:
        if found["type"] == "reasoning":
            thoughts.append(_unescaped(found["body"]))
        else:
            omitted["tool call"] += 1
        return ""

    if fields.text("role") == "assistant":
        text = _DETAILS.sub(told, text).strip()
    # Newer versions keep some answers here alone.
    output = fields.objects("output")
    if not text.strip():
        spoken = (_item(each, omitted) for each in output if each.text("type") == "message")
        text = "\n\n".join(filter(None, spoken))
    deeper = [_item(each, omitted) for each in output if each.text("type") == "reasoning"]
    for each in output:
        if (kind := _CALLS.get(each.text("type") or "")) is not None:
            omitted[kind] += 1
    return text, "\n\n".join(filter(None, deeper or thoughts))


def _item(item: Fields, omitted: Counter[str]) -> str:
    """The words of an item of ``output``."""
    return _texts(item.values.get("content") or item.values.get("summary"), omitted)


def _texts(parts: object, omitted: Counter[str]) -> str:
    """The words of a list of parts; others are counted."""
    words = []
    for part in parts if isinstance(parts, list) else ():
        fields = Fields.of(part)
        text = part if isinstance(part, str) else fields.text("text")
        if text is None and not _is_image(fields):
            omitted["part without text"] += 1
        words.append(text)
    return "\n\n".join(filter(None, words))


def _unescaped(body: str) -> str:
    """The reasoning in a block of details: its lines are quoted, its characters escaped."""
    return _QUOTED.sub("", html.unescape(_SUMMARY.sub("", body))).strip()
