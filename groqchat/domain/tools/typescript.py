"""Tools as gpt-oss reads them: types of TypeScript in the prompt (OpenAI's harmony format)."""

from __future__ import annotations

import json
from collections.abc import Mapping

# So deep a schema is written out; what lies deeper is rarely there.
_DEEPEST = 4


def as_typescript(name: str, description: str, parameters: Mapping[str, object]) -> str:
    """One tool, with a comment for each description.

    >>> as_typescript("now", "Tells it.", {}).splitlines()
    ['// Tells it.', 'type now = () => any;']
    """
    fields = _fields(parameters, 0)
    arguments = f"_: {{\n{fields}}}" if fields else ""
    return f"// {description}\ntype {name} = ({arguments}) => any;\n"


def _fields(schema: Mapping[str, object], depth: int) -> str:
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, Mapping):
        return ""
    needed = required if isinstance(required, list) else []
    lines = []
    for name, each in properties.items():
        described = each.get("description") if isinstance(each, Mapping) else None
        mark = "" if name in needed else "?"
        lines += [f"// {described}\n"] if described else []
        lines.append(f"{name}{mark}: {_type(each, depth)},\n")
    return "".join(lines)


def _type(schema: object, depth: int) -> str:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return "any"
    values, choices = schema.get("enum"), schema.get("anyOf")
    if isinstance(values, list):
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in values)
    if isinstance(choices, list):
        return " | ".join(_type(each, depth + 1) for each in choices)
    kind = schema.get("type")
    if kind == "array":
        return f"{_type(schema.get('items'), depth + 1)}[]"
    if kind == "object" and (fields := _fields(schema, depth + 1)):
        return f"{{\n{fields}}}"
    return "number" if kind == "integer" else str(kind or "any")
