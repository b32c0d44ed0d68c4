"""Structured answers: JSON by schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from groqchat.domain.structured.rules import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXAMPLES = {"integer": 1, "number": 1.5, "boolean": True, "null": None}
# So deep a schema that refers to itself is followed.
_DEEPEST = 4


def example_of(schema: object, name: str = "") -> object:
    """A small value that a JSON schema describes; a text for anything else.

    Args:
        schema: The schema.
        name: The key under which the value will stand, which its texts repeat.
    """
    return _example(schema, schema, name, 0)


def _example(schema: object, root: object, name: str, depth: int) -> object:
    node = resolved(schema, root if isinstance(root, dict) else {})
    if values := node.get("enum") or ([node["const"]] if "const" in node else []):
        return values[0]
    if choices := node.get("anyOf"):
        # What ends soonest comes last: null, for one.
        return _example(choices[-1 if depth > _DEEPEST else 0], root, name, depth)
    kind = node.get("type", "object" if "properties" in node else "string")
    if isinstance(kind, list):
        kind = kind[0] if kind else "string"
    if kind == "object":
        properties = node.get("properties") or {}
        return {key: _example(each, root, key, depth + 1) for key, each in properties.items()}
    if kind == "array":
        item, numbers = node.get("items", {}), () if depth > _DEEPEST else (1, 2)
        return [_example(item, root, f"{name} {number}", depth + 1) for number in numbers]
    return f"example {name}".strip() if kind == "string" else _EXAMPLES.get(str(kind))


def example_json(response_format: Mapping[str, Any], question: str) -> str:
    """A JSON text that follows the requested schema, or the example in the prompt."""
    described = response_format.get("json_schema")
    schema = described.get("schema") if isinstance(described, dict) else None
    plain = {"question": question[:200], "answer": "example"}
    value = example_of(schema) if schema else _shown(question) or plain
    return json.dumps(value, ensure_ascii=False, indent=2)


def _shown(question: str) -> object:
    """The JSON object on the last line of a prompt; None where there is none."""
    last = question.rstrip().rpartition("\n")[2]
    if not last.startswith("{"):
        return None
    try:
        return json.loads(last)
    except (ValueError, RecursionError):
        return None
