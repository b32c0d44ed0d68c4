"""Structured answers: tool calls, JSON by schema, and results of built-in tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from groqchat.domain.structured.rules import resolved

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from groqchat.simulator.validation import ChatCall

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


def call_of(call: ChatCall, rng: random.Random) -> dict[str, Any] | None:
    """The tool call that a request forces or whose name its last message contains, else None."""
    functions = [tool["function"] for tool in call.tools if isinstance(tool.get("function"), dict)]
    wanted = next((f for f in functions if _is_wanted(f, call)), None)
    if wanted is None:
        return None
    arguments = json.dumps(example_of(wanted.get("parameters") or {"type": "object"}))
    return {
        "id": f"fc_{rng.getrandbits(64):016x}",
        "type": "function",
        "function": {"name": wanted.get("name"), "arguments": arguments},
        "index": 0,
    }


def _is_wanted(function: Mapping[str, Any], call: ChatCall) -> bool:
    choice = call.tool_choice
    if isinstance(choice, dict):
        return bool((choice.get("function") or {}).get("name") == function.get("name"))
    return choice == "required" or str(function.get("name")) in call.question


def executed_of(call: ChatCall) -> list[dict[str, Any]]:
    """The results of the built-in tools of a request."""
    kinds = [str(tool.get("type")) for tool in call.tools]
    executed = [_EXECUTED[kind](call.question) for kind in kinds if kind in _EXECUTED]
    return [{"index": index, **tool} for index, tool in enumerate(executed)]


def _searched(question: str) -> dict[str, Any]:
    result = {
        "title": "An example page",
        "url": "https://example.org/",
        "content": "A page that stands for whatever a search would have found.",
        "score": 0.93,
    }
    return {
        "type": "browser_search",
        "arguments": json.dumps({"query": question[:80]}),
        "output": f"{result['title']}\n{result['url']}",
        "search_results": {"results": [result]},
    }


def _computed(_: str) -> dict[str, Any]:
    code = "print(sum(range(11)))"
    return {
        "type": "code_interpreter",
        "arguments": json.dumps({"code": code}),
        "output": "55\n",
        "code_results": [{"text": "55"}],
    }


_EXECUTED = {"browser_search": _searched, "code_interpreter": _computed}
