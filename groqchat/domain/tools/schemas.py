"""Schemas of foreign tools in the form that is sent: what is not known to be accepted is left out.

Facts, each with its source and how certain it is:

* ``required`` without ``properties`` is refused, "invalid JSON schema for tool": certain
  (usestrix/strix#1088, 2026-08-16, and #1204; livekit/agents#4610, 2026-01-24).
* A call must match the schema, or the whole request fails with ``tool_use_failed``; models write
  null for what is optional: certain (vierisid/jarvis#199, 2026-05-14). So what is optional may be
  null here, and such nulls are dropped from the call again (`without_nulls`).
* Names have letters, digits, ``_`` and ``-``, at most 64; at most 128 tools: Groq's SDK 1.7.
* Whether ``$ref``, ``default``, ``oneOf``, ``const``, ``pattern`` and the rest are accepted:
  unknown. References are written out, alternatives become ``anyOf``, the rest is left out; the
  server of the tool checks its arguments itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from groqchat.domain.tools.references import MOST_DEPTH, UnsendableError, inlined

__all__ = ["UnsendableError", "narrowed", "sent_description", "sent_parameters", "without_nulls"]

# The longest description that OpenAI takes (nanbingxyz/5ire#33, 2025-01-07); Groq names no limit.
LONGEST_DESCRIPTION: Final = 1024
# Every request pays for a schema: this is about four thousand tokens.
LONGEST_SCHEMA: Final = 16_000

# The keywords that are kept, with the type that their value must have.
_PLAIN: Final[Mapping[str, type | tuple[type, ...]]] = {
    "description": str,
    "enum": list,
    "exclusiveMaximum": (int, float),
    "exclusiveMinimum": (int, float),
    "format": str,
    "maxItems": int,
    "maxLength": int,
    "maximum": (int, float),
    "minItems": int,
    "minLength": int,
    "minimum": (int, float),
}
_TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_Schema = dict[str, Any]


def sent_parameters(schema: Mapping[str, object]) -> _Schema:
    """The schema of a tool's arguments as it is sent.

    Raises:
        UnsendableError: It cannot be sent; the message says why.
    """
    sent = _with_nulls(narrowed(schema))
    length = len(json.dumps(sent, ensure_ascii=False))
    if length > LONGEST_SCHEMA:
        raise UnsendableError(
            f"its schema is too long to be sent with every request: {length:,} characters of at "
            f"most {LONGEST_SCHEMA:,}"
        )
    return sent


def sent_description(description: str) -> str:
    """The description of a tool, cut where it is longer than what is known to be accepted."""
    if len(description) <= LONGEST_DESCRIPTION:
        return description
    return f"{description[: LONGEST_DESCRIPTION - 1]}…"


def narrowed(schema: Mapping[str, object]) -> _Schema:
    """The schema without references and without what is not known to be accepted.

    Raises:
        UnsendableError: It describes no object, or refers to itself or to elsewhere.
    """
    if schema.get("type", "object") != "object":
        raise UnsendableError("its arguments are no object")
    return {**_narrowed({**inlined(schema), "type": "object"}), "type": "object"}


def without_nulls(arguments: object, schema: Mapping[str, Any]) -> object:
    """The arguments of a call without the nulls that only the sent form of the schema allows.

    Args:
        arguments: The arguments, or a part of them.
        schema: What :func:`narrowed` gave for the tool, or the same part of it.
    """
    if isinstance(arguments, Mapping):
        parts = schema.get("properties", {})
        return {
            name: without_nulls(value, parts.get(name, {}))
            for name, value in arguments.items()
            if value is not None or name not in parts or _may_be_null(parts[name])
        }
    if isinstance(arguments, list):
        return [without_nulls(each, schema.get("items", {})) for each in arguments]
    return arguments


def _narrowed(schema: object, depth: int = 0) -> _Schema:
    """One schema and those within it; ``True`` allows anything, and so does what is no schema."""
    if not isinstance(schema, Mapping):
        return {}
    if depth > MOST_DEPTH:
        raise UnsendableError("its schema is nested too deeply")
    whole = _merged(schema)
    sent: _Schema = {name: whole[name] for name in _PLAIN if _is_plain(name, whole.get(name))}
    _keep_type(sent, whole)
    if "const" in whole:
        sent["enum"] = [whole["const"]]
    if "enum" in sent and "type" not in sent:
        _keep_type(sent, {"type": list(dict.fromkeys(map(_type_of, sent["enum"])))})
    alternatives = whole.get("anyOf") or whole.get("oneOf")
    if isinstance(alternatives, list) and alternatives:
        sent["anyOf"] = [_narrowed(each, depth + 1) for each in alternatives]
    if isinstance(whole.get("items"), Mapping):
        sent["items"] = _narrowed(whole["items"], depth + 1)
    _keep_object(sent, whole, depth)
    _tell_default(sent, whole)
    return sent


def _merged(schema: Mapping[str, Any]) -> _Schema:
    """The schema with the parts of ``allOf`` in it."""
    parts = schema.get("allOf")
    whole = {name: value for name, value in schema.items() if name != "allOf"}
    for part in parts if isinstance(parts, list) else ():
        if not isinstance(part, Mapping):
            continue
        more = _merged(part)
        properties = {**_table(more.get("properties")), **_table(whole.get("properties"))}
        required = [*_names(whole.get("required")), *_names(more.get("required"))]
        whole = {**more, **whole}
        if properties:
            whole["properties"] = properties
        if required:
            whole["required"] = list(dict.fromkeys(required))
    return whole


def _is_plain(name: str, value: object) -> bool:
    """Whether a keyword that is kept has a value that it may have."""
    if not isinstance(value, _PLAIN[name]) or isinstance(value, bool):
        return False
    return _PLAIN[name] is not int or (isinstance(value, int) and value >= 0)


def _keep_type(sent: _Schema, whole: Mapping[str, Any]) -> None:
    """Keep the types that JSON has; OpenAPI's ``nullable`` is a type more."""
    kinds = [each for each in _kinds(whole) if each in _TYPES]
    if whole.get("nullable") is True and kinds and "null" not in kinds:
        kinds.append("null")
    if kinds:
        sent["type"] = kinds[0] if len(kinds) == 1 else kinds


def _keep_object(sent: _Schema, whole: Mapping[str, Any], depth: int) -> None:
    """Keep what describes an object: Groq wants ``properties`` wherever there is ``required``."""
    properties = _table(whole.get("properties"))
    if "object" not in _kinds(sent) and not properties:
        return
    sent["properties"] = {name: _narrowed(each, depth + 1) for name, each in properties.items()}
    sent["required"] = [name for name in _names(whole.get("required")) if name in properties]
    more = whole.get("additionalProperties")
    if isinstance(more, bool):
        sent["additionalProperties"] = more
    elif isinstance(more, Mapping):
        sent["additionalProperties"] = _narrowed(more, depth + 1)


def _tell_default(sent: _Schema, whole: Mapping[str, Any]) -> None:
    """Say the default in the description, since the keyword is left out."""
    default = whole.get("default")
    if default is None or not isinstance(default, str | int | float):
        return
    words = str(sent.get("description", "")).strip()
    told = f"Default: {json.dumps(default, ensure_ascii=False)}."
    sent["description"] = f"{words} {told}".strip()


def _with_nulls(schema: _Schema) -> _Schema:
    """The schema in which whatever is optional may be null too."""
    sent = dict(schema)
    if "anyOf" in sent:
        sent["anyOf"] = [_with_nulls(each) for each in sent["anyOf"]]
    for name in ("items", "additionalProperties"):
        if isinstance(sent.get(name), dict):
            sent[name] = _with_nulls(sent[name])
    if "properties" in sent:
        needed = sent.get("required", ())
        sent["properties"] = {
            name: _with_nulls(each) if name in needed else _or_null(_with_nulls(each))
            for name, each in sent["properties"].items()
        }
    return sent


def _or_null(schema: _Schema) -> _Schema:
    if _may_be_null(schema):
        return schema
    sent = dict(schema)
    if "anyOf" in sent:
        sent["anyOf"] = [*sent["anyOf"], {"type": "null"}]
    if "type" in sent:
        sent["type"] = [*_kinds(sent), "null"]
    if "enum" in sent:
        sent["enum"] = [*sent["enum"], None]
    return sent


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    """Whether null fits a schema; one that says nothing allows anything."""
    if "enum" in schema and None not in schema["enum"]:
        return False
    if "anyOf" in schema:
        return any(_may_be_null(each) for each in schema["anyOf"])
    return "type" not in schema or "null" in _kinds(schema)


def _type_of(value: object) -> str:
    """The name that JSON Schema has for the type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
    return "array" if isinstance(value, list) else "object"


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kind = schema.get("type")
    return [each for each in (kind if isinstance(kind, list) else [kind]) if isinstance(each, str)]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _names(value: object) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
