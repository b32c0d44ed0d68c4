"""Reads ChatGPT's data export: ``conversations.json``, or ``conversations-000.json`` and so on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role, State
from groqchat.services.sessions.importers.conversation import Conversation, Node
from groqchat.services.sessions.importers.images import OMITTED
from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.message_imports import time_of

if TYPE_CHECKING:
    from collections import Counter

    from groqchat.domain.images.image import Image
    from groqchat.services.sessions.importers.images import ImportedImages

NAME = "chatgpt"
REMARK = ""

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}
_SPOKEN = frozenset({"text", "multimodal_text"})
# What nodes are that hold no words of the chat, by the type of their content.
_OTHERS = {
    "code": "tool call",
    "execution_output": "tool result",
    "tether_quote": "tool result",
    "tether_browsing_display": "tool result",
    "user_editable_context": "custom instruction",
    "model_editable_context": "memory",
    "system_error": "error message",
}
_SILENT = frozenset({"thoughts", "reasoning_recap"})
_IMAGE = "image_asset_pointer"
# What stands around the id in the address of a file.
_POINTER = re.compile(r"^(file-service|sediment)://|[?#].*$", re.DOTALL)
_CITATION = re.compile(
    r"[ \t]*\uE200(?P<kind>[^\uE200-\uE204]*)"
    r"(?:\uE202(?P<args>[^\uE200\uE201\uE203\uE204]*))?\uE201"
    # As it was written before.
    r"|[ \t]*【[^【】\n]{1,80}†[^【】\n]{0,200}】"
)
_SPANS = re.compile(r"[\uE200-\uE204]")


def recognises(document: Fields) -> bool:
    """Whether a document is a conversation of this format."""
    return isinstance(document.values.get("mapping"), dict)


def read(document: Fields, omitted: Counter[str], images: ImportedImages) -> Conversation:
    """Read a conversation.

    Args:
        document: One item of the list in the file.
        omitted: Counts what is left out, by its name.
        images: Takes its images.

    Raises:
        ValueError: It is none; the message says why.
    """
    mapping = document.inner("mapping")
    if not mapping:
        raise ValueError("it has no messages (no `mapping`)")
    model = document.text("default_model_slug")
    reading = _Reading(omitted, images)
    nodes = [_node(key, mapping.inner(key), model, reading) for key in mapping.values]
    key = document.text("conversation_id") or document.text("id") or next(iter(mapping.values))
    return Conversation(
        key,
        nodes,
        document.text("title") or "",
        document.text("current_node"),
        model=model,
        created=time_of(document.values.get("create_time")),
        updated=time_of(document.values.get("update_time")),
        is_archived=document.flag("is_archived"),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Where what is left out is counted, and what takes the images."""

    omitted: Counter[str]
    images: ImportedImages


def _node(key: str, fields: Fields, model: str | None, reading: _Reading) -> Node:
    message = fields.inner("message")
    content, metadata = message.inner("content"), message.inner("metadata")
    role = _role(message, reading.omitted)
    if role is None:
        thoughts = _thoughts(content) if content.text("content_type") == "thoughts" else ""
        return Node(key, fields.text("parent"), None, reasoning=thoughts)
    text, images = _said(message, role, reading)
    slug = metadata.text("model_slug") or metadata.text("resolved_model_slug") or model
    is_whole = message.text("status") != "in_progress"
    return Node(
        key,
        fields.text("parent"),
        role,
        _without_marks(text, metadata),
        time_of(message.values.get("create_time")),
        slug if role is Role.ASSISTANT else None,
        state=State.COMPLETE if is_whole else State.BROKEN,
        images=images,
    )


def _role(message: Fields, omitted: Counter[str]) -> Role | None:
    """The role of a message; None for what is none of the chat, which is counted."""
    kind = message.inner("content").text("content_type") or ""
    metadata = message.inner("metadata")
    role = message.inner("author").text("role")
    if not message or role == "system" or kind in _SILENT:
        return None
    if role == "tool" or kind in _OTHERS:
        omitted[_OTHERS.get(kind, "tool result")] += 1
        return None
    if (
        metadata.flag("is_visually_hidden_from_conversation")
        or metadata.flag("is_user_system_message")
        or message.number("weight") == 0
    ):
        omitted["hidden message"] += 1
        return None
    if role == "assistant" and message.text("recipient") not in {None, "all"}:
        omitted["tool call"] += 1
        return None
    if role not in _ROLES or kind not in _SPOKEN:
        omitted[f"{kind or 'unknown'} message"] += 1
        return None
    return _ROLES[role]


def _said(message: Fields, role: Role, reading: _Reading) -> tuple[str, tuple[Image, ...]]:
    """The words of the parts of a message, with a mark for each image, and the images.

    An image of an answer, which no request would take, leaves a word.
    """
    attached = message.inner("metadata").objects("attachments")
    names = {each.text("id"): each.text("name") or "" for each in attached}
    parts = message.inner("content").values.get("parts")
    words, images = [], []
    for part in parts if isinstance(parts, list) else ():
        fields = Fields.of(part)
        text = part if isinstance(part, str) else fields.text("text")
        if text is None and fields.text("content_type") == _IMAGE:
            identifier = _POINTER.sub("", fields.text("asset_pointer") or "")
            image = _image(identifier, names.pop(identifier, ""), role, reading)
            images += [image] if image else []
            text = image.mark if image else "[image]"
        elif text is None:
            reading.omitted["part without text"] += 1
        words.append(text or "")
    files = [each for each in attached if each.text("id") in {None, *names}]
    reading.omitted["attached file"] += len(files)
    return "\n\n".join(text for text in words if text.strip()), tuple(images)


def _image(identifier: str, name: str, role: Role, reading: _Reading) -> Image | None:
    if role is Role.USER:
        return reading.images.of_file(identifier, name, reading.omitted)
    reading.omitted[OMITTED] += 1
    return None


def _thoughts(content: Fields) -> str:
    """The reasoning of a node of thoughts: a summary and a text for each step."""
    steps = content.objects("thoughts")
    words = [
        "\n\n".join(text for text in (step.text("summary"), step.text("content")) if text)
        for step in steps
    ]
    return "\n\n".join(text for text in words if text)


def _without_marks(text: str, metadata: Fields) -> str:
    """A text whose citations, which have characters of ChatGPT's own, are links or gone."""
    if not _SPANS.search(text) and "†" not in text:
        return text
    references = metadata.objects("content_references")
    links = {(each.text("matched_text") or "").strip(): _links(each) for each in references}

    def shown(found: re.Match[str]) -> str:
        words = _entity(found["kind"] or "", found["args"] or "")
        words = words or links.get(found[0].strip(), "")
        gap = " " if found[0][0] in " \t" or (words.startswith("[") and found.start()) else ""
        is_followed = text[found.end() : found.end() + 1].isalnum()
        return f"{gap}{words}{' ' if words and is_followed else ''}" if words else gap * is_followed

    return _SPANS.sub("", _CITATION.sub(shown, text))


def _links(reference: Fields) -> str:
    """The sources of a citation as Markdown links; empty where none is told."""
    links = []
    for item in reference.objects("items"):
        address = item.text("url") or ""
        if address.startswith(("https://", "http://")) and not re.search(r"[\s<>()]", address):
            title = re.sub(r"[\[\]\\\s]+", " ", item.text("title") or address).strip()
            links.append(f"[{title}]({address})")
    return ", ".join(links)


def _entity(kind: str, argument: str) -> str:
    """The name in the mark of an entity, without which its sentence would lose its subject."""
    if kind.strip() != "entity":
        return ""
    try:
        parts = json.loads(argument)
    except (ValueError, RecursionError):
        return ""
    is_named = isinstance(parts, list) and len(parts) > 1 and isinstance(parts[1], str)
    return parts[1] if is_named else ""
