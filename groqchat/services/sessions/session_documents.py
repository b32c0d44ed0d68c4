"""A whole session as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from groqchat.domain.money.pricing import usd_string
from groqchat.domain.tools.records import calls_as_json, steps_as_json
from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.comparison_documents import comparison_document
from groqchat.services.sessions.export_files import sealed_document
from groqchat.services.sessions.image_documents import images_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from groqchat.domain.sessions.archive import Archive
    from groqchat.domain.turns.chat import Message

FORMAT, VERSION = "groqchat-session", 1


def session_document(archive: Archive) -> dict[str, object]:
    """A whole session as JSON, as `groqchat.services.sessions.session_imports` reads it again.

    ``messages`` are those of the shown branch in order, ``other_messages`` those of other branches.
    """
    session = archive.session
    numbers = {message.id: number for number, message in enumerate(archive.messages, 1)}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "id": session.id,
        "title": session.title,
        "created": session.created,
        "updated": session.updated,
        "model": session.model,
        "system": session.system or None,
        "service_tier": session.service_tier,
        "effort": session.effort,
        "max_tokens": session.max_tokens,
        "history": session.history,
        "compaction": session.compaction,
        **({"parameters": dict(session.parameters)} if session.parameters else {}),
        "pinned": session.is_pinned,
        "archived": session.is_archived,
        "tags": list(session.tags),
        "cost_usd": _usd(session.cost),
        "leaf": session.leaf_id,
        "messages": [_message_document(message, numbers) for message in archive.exported_messages],
        "other_messages": [_message_document(each, numbers) for each in archive.other_messages],
        **comparison_document(archive),
        **images_document(archive.images),
    }
    return sealed_document(document)


def to_json(archive: Archive) -> str:
    """One indented JSON document."""
    return json.dumps(session_document(archive), ensure_ascii=False, indent=2) + "\n"


def to_jsonl(archive: Archive) -> str:
    """One line of JSON."""
    return json.dumps(session_document(archive), ensure_ascii=False) + "\n"


def _message_document(message: Message, numbers: Mapping[str, int]) -> dict[str, object]:
    document: dict[str, object] = {
        "role": message.role,
        "content": message.content,
        "created": message.created,
        "id": message.id,
        "parent": message.parent_id,
        "number": numbers[message.id],
    }
    if message.kind:
        document["kind"] = message.kind
    if message.kept_from is not None:
        document["kept_from"] = message.kept_from
    if message.changed_above:
        document["changed_above"] = message.changed_above
    if message.role is Role.ASSISTANT:
        document |= _answer_document(message)
    if message.role is Role.TOOL:
        document |= {
            "finish_reason": message.finish_reason,
            "timing": asdict(message.timing) if message.timing else None,
        }
    if message.calls:
        document["calls"] = calls_as_json(message.calls)
    if message.executed:
        document["executed"] = steps_as_json(message.executed)
    return document


def _answer_document(message: Message) -> dict[str, object]:
    return {
        "model": message.model,
        "provider": message.provider,
        "in_place_of": message.in_place_of,
        "state": message.state,
        "reasoning": message.reasoning or None,
        "finish_reason": message.finish_reason,
        "request_id": message.request_id,
        "service_tier": message.service_tier,
        "usage": asdict(message.usage) if message.usage else None,
        "timing": asdict(message.timing) if message.timing else None,
        "cost_usd": _usd(message.cost.total) if message.cost else None,
        "saved_by_cache_usd": _usd(message.cost.saved_by_cache) if message.cost else None,
        **({"asked_with": dict(message.asked_with)} if message.asked_with else {}),
    }


def _usd(amount: Decimal | None) -> str | None:
    return None if amount is None else usd_string(amount)
