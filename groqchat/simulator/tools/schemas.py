"""Validation of the tools of a request.

What is refused, with the source and how certain it is:

* Documented (Groq's SDK 1.7): at most 128 tools; names of letters, digits, ``_`` and ``-``, at most
  64.
* Seen (usestrix/strix#1088 and #1204, 2026-08; livekit/agents#4610, 2026-01): ``required`` needs
  ``properties``.
* Likely (OpenAI's API, which Groq's follows): arguments are an object; a name stands once.
* Unknown: keywords that ``domain/tools/schemas`` does not send, such as ``$ref`` and ``default``.

What is unknown is refused, so that groqchat sends only what is known to be taken; the message says
that it is the simulator's rule. ``strict`` has rules of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from groqchat.simulator.faults.refusals import bad_request

MOST_TOOLS: Final = 128
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Not the list of what groqchat sends, which this is to check.
_KNOWN: Final = frozenset(
    {
        *("type", "properties", "required", "additionalProperties", "items", "enum", "anyOf"),
        *("description", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minItems", "maxItems", "minLength", "maxLength"),
    }
)
_UNSURE: Final = "the simulator refuses it, since it is not known whether Groq takes it"


def check_tools(tools: Sequence[Mapping[str, Any]]) -> None:
    """Refuse tools that Groq would refuse, or is not known to take.

    Raises:
        RefusedError: 400, with Groq's words where they are known.
    """
    if len(tools) > MOST_TOOLS:
        message = f"'tools' : maximum number of items is {MOST_TOOLS}"
        raise bad_request(message, param="tools")
    names: set[str] = set()
    for number, tool in enumerate(tools):
        if tool.get("type") == "function":
            name = _check_function(f"tools[{number}].function", tool.get("function"))
            if name in names:
                raise bad_request(f"tools[{number}].function.name : {name} is there twice")
            names.add(name)


def _check_function(place: str, function: object) -> str:
    if not isinstance(function, Mapping):
        raise bad_request(f"'{place}' : value must be an object")
    name = function.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise bad_request(
            f"Invalid '{place}.name': string does not match pattern. Expected a string that matches"
            " the pattern '^[a-zA-Z0-9_-]{1,64}$'.",
            param=f"{place}.name",
        )
    parameters = function.get("parameters")
    if parameters is not None:
        _check_parameters(name, f"{place}.parameters", parameters)
    return name


def _check_parameters(name: str, place: str, parameters: object) -> None:
    flaw = next(_flaws(parameters), None)
    if flaw is None and isinstance(parameters, Mapping) and parameters.get("type") != "object":
        flaw = "", "schema must have type 'object'"
    if flaw is not None:
        where = f"tool {name}, {place}{flaw[0]}"
        raise bad_request(f"invalid JSON schema for {where}: {flaw[1]}", param=where)


def _flaws(schema: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Each flaw of a schema, as its place and the words about it."""
    if not isinstance(schema, Mapping):
        yield place, "schema must be an object"
        return
    if "required" in schema and "properties" not in schema:
        yield place, "'required' present but 'properties' is missing"
    for keyword in schema:
        if keyword not in _KNOWN:
            yield place, f"'{keyword}' is not supported ({_UNSURE})"
    properties = schema.get("properties")
    for name, each in properties.items() if isinstance(properties, Mapping) else ():
        yield from _flaws(each, f"{place}.properties.{name}")
    if "items" in schema:
        yield from _flaws(schema["items"], f"{place}.items")
    if not isinstance(schema.get("additionalProperties", False), bool):
        yield from _flaws(schema["additionalProperties"], f"{place}.additionalProperties")
    alternatives = schema.get("anyOf")
    for number, each in enumerate(alternatives if isinstance(alternatives, list) else ()):
        yield from _flaws(each, f"{place}.anyOf[{number}]")
