"""The calls of tools that an answer asks for, as far as a prompt wants them.

A tool is called where the prompt has its name, or all words of it: ``clock__current_time`` for
"what is the current time?". Models with parallel calls ask for all at once, the others for one
after another (seen of gpt-oss, 2026-09). ``3 times`` in a prompt calls three times.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from groqchat.simulator.structured import example_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from groqchat.simulator.validation import ChatCall

_TIMES = re.compile(r"\b(\d{1,2}) times\b")
_ZONE = re.compile(r"\b[A-Z]\w+/[A-Z]\w+\b")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_SHORTEST_WORD = 3


def calls_of(call: ChatCall, rng: random.Random) -> list[dict[str, Any]]:
    """The calls that come next in a turn; none where an answer does."""
    left = [*_wanted(call)]
    for done in call.called:
        if done in left:
            left.remove(done)
    if not left or (call.called and call.tool_choice == "required"):
        return []
    now = left if call.model.can("parallel_tools") else left[:1]
    functions = {function["name"]: function for function in _functions(call)}
    return [
        {
            "id": f"fc_{rng.getrandbits(64):016x}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": json.dumps(
                    _arguments(functions[name], call, len(call.called) + number)
                ),
            },
            "index": number,
        }
        for number, name in enumerate(now)
    ]


def _functions(call: ChatCall) -> list[Mapping[str, Any]]:
    return [tool["function"] for tool in call.tools if isinstance(tool.get("function"), dict)]


def _wanted(call: ChatCall) -> Iterator[str]:
    """The names of all tools that a turn calls, in the order of the prompt."""
    names = [str(function.get("name")) for function in _functions(call)]
    if isinstance(call.tool_choice, dict):
        chosen = (call.tool_choice.get("function") or {}).get("name")
        yield from (name for name in names if name == chosen)
        return
    if call.tool_choice == "none":
        return
    if call.tool_choice == "required" and names:
        yield names[0]
        return
    often = _TIMES.search(call.question)
    for name in sorted(
        filter(lambda each: _place(each, call.question) >= 0, names),
        key=lambda each: _place(each, call.question),
    ):
        yield from [name] * (int(often[1]) if often else 1)


def _place(name: str, question: str) -> int:
    """Where a prompt speaks of a tool; -1 where it does not."""
    if name in question:
        return question.index(name)
    words = re.split(r"[_-]+", name.rpartition("__")[2].lower())
    said = question.lower()
    long = [word for word in words if len(word) >= _SHORTEST_WORD]
    places = [said.find(word) for word in long]
    return max(places) if places and min(places) >= 0 else -1


def _arguments(function: Mapping[str, Any], call: ChatCall, number: int) -> dict[str, Any]:
    """Arguments by the schema: what the prompt says of them, else examples."""
    schema = function.get("parameters") or {"type": "object"}
    made = example_of(schema)
    if not isinstance(made, dict):
        return {}
    required = schema.get("required") or list(made)
    return {
        name: _said(name, value, call.question, number)
        for name, value in made.items()
        if name in required
    }


def _said(name: str, example: object, question: str, number: int) -> object:
    """The value that a prompt has for an argument, as ``name=value`` or by its look."""
    if named := re.search(rf"\b{re.escape(name)}\s*[=:]\s*\"?([^\s\",;]+)", question):
        return _like(example, named[1])
    found = _ZONE.findall(question) if "zone" in name else []
    found = _CLOCK.findall(question) if name == "time" else found
    return found[number % len(found)] if found and isinstance(example, str) else example


def _like(example: object, text: str) -> object:
    """A text as a value of the kind of an example."""
    try:
        return type(example)(text) if isinstance(example, int | float) else text
    except ValueError:
        return example
