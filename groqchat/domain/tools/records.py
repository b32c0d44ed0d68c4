"""Calls and steps as JSON, in the database and in exports; any other JSON reads as nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.tools.executed import ExecutedTool, Source
from groqchat.domain.tools.tool import ToolCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def calls_as_json(calls: Iterable[ToolCall]) -> list[dict[str, object]]:
    """Calls as a list of objects."""
    return [{"id": each.id, "name": each.name, "arguments": each.arguments} for each in calls]


def calls_from_json(value: object) -> tuple[ToolCall, ...]:
    """The calls in a JSON value."""
    if not value:
        return ()
    return tuple(
        ToolCall(_text(each, "id"), _text(each, "name"), _text(each, "arguments"))
        for each in _objects(value)
    )


def steps_as_json(steps: Iterable[ExecutedTool]) -> list[dict[str, object]]:
    """Steps of built-in tools as a list of objects."""
    return [
        {
            "name": each.name,
            "arguments": each.arguments,
            "output": each.output,
            "sources": [{"title": page.title, "url": page.url} for page in each.sources],
        }
        for each in steps
    ]


def steps_from_json(value: object) -> tuple[ExecutedTool, ...]:
    """The steps in a JSON value."""
    if not value:
        return ()
    return tuple(
        ExecutedTool(
            _text(each, "name"),
            _text(each, "arguments"),
            _text(each, "output"),
            tuple(
                Source(_text(page, "title"), _text(page, "url"))
                for page in _objects(each.get("sources"))
            ),
        )
        for each in _objects(value)
    )


def call_with_texts(call: ToolCall, change: Callable[[str], str]) -> ToolCall:
    """A call whose arguments are changed."""
    return ToolCall(call.id, call.name, change(call.arguments))


def step_with_texts(step: ExecutedTool, change: Callable[[str], str]) -> ExecutedTool:
    """A step in which all that people, models or pages wrote is changed."""
    pages = tuple(Source(change(each.title), change(each.url)) for each in step.sources)
    return ExecutedTool(step.name, change(step.arguments), change(step.output), pages)


def _objects(value: object) -> list[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(fields: dict[str, object], name: str) -> str:
    """A field that is a text, without halves of characters, which no file can hold."""
    value = fields.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
