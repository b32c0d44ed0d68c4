"""Reads calls of tools, and steps of the server's own tools, from the pieces of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.tools.events import StepTaken
from groqchat.domain.tools.executed import ExecutedTool, Source
from groqchat.domain.tools.tool import ToolCall
from groqchat.provider import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_CALLS, _MOST_STEPS, _MOST_SOURCES = 128, 256, 50
# Characters of a step's text that are kept; a page may be a book.
_LONGEST = 20_000


@dataclass(slots=True)
class CallReader:
    """The calls of an answer, which may come in pieces: id and name first, then the arguments."""

    _calls: list[ToolCall] = field(default_factory=list)
    # The place of the call that a server's index means now; some give all calls the same.
    _places: dict[int, int] = field(default_factory=dict)

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The calls with a name; one without an id gets one, since its result has to name it."""
        return tuple(
            replace(call, id=call.id or f"call_{number}")
            for number, call in enumerate(self._calls)
            if call.name
        )

    def take(self, delta: dict[str, object]) -> None:
        """Add what a delta or a whole message says of calls."""
        for position, entry in enumerate(_objects(delta.get("tool_calls"))):
            index = fields.count(entry.get("index"))
            self._add(position if index is None else index, entry)

    def _add(self, index: int, entry: dict[str, object]) -> None:
        function = fields.mapping(entry.get("function"))
        name = _text(entry, "id")
        place = self._places.get(index)
        if place is None or (name and self._calls[place].id not in {"", name}):
            if len(self._calls) == _MOST_CALLS:
                return
            place = self._places[index] = len(self._calls)
            self._calls.append(ToolCall("", "", ""))
        call = self._calls[place]
        self._calls[place] = ToolCall(
            call.id or name,
            call.name or _text(function, "name"),
            call.arguments + _text(function, "arguments"),
        )


@dataclass(slots=True)
class StepReader:
    """The steps of the server's tools, each of which may be told again with more of it."""

    _steps: list[ExecutedTool] = field(default_factory=list)
    _places: dict[int, int] = field(default_factory=dict)

    def take(self, delta: dict[str, object]) -> Iterator[StepTaken]:
        """Add what a delta or a whole message says of steps; yields those that it changes."""
        for position, entry in enumerate(_objects(delta.get("executed_tools"))):
            index = fields.count(entry.get("index"))
            index = position if index is None else index
            place = self._places.setdefault(index, len(self._steps))
            if place == len(self._steps):
                if place == _MOST_STEPS:
                    return
                self._steps.append(ExecutedTool(""))
            step = _merged(self._steps[place], _step(entry))
            if step != self._steps[place]:
                self._steps[place] = step
                yield StepTaken(place, step)


def _step(entry: dict[str, object]) -> ExecutedTool:
    """One step as an object of ``executed_tools`` tells it (Groq's SDK and code-execution docs)."""
    found = fields.mapping(entry.get("search_results")).get("results")
    pages = [*_objects(found), *_objects(entry.get("browser_results"))]
    sources = (Source(_text(page, "title"), _text(page, "url")) for page in pages)
    results = _objects(entry.get("code_results"))
    texts = [text for each in results if (text := _text(each, "text"))]
    texts += ["[a picture, which is not kept]" for each in results if each.get("png")]
    return ExecutedTool(
        _text(entry, "name") or _text(entry, "type"),
        _text(entry, "arguments")[:_LONGEST],
        (_text(entry, "output") or "\n".join(texts))[:_LONGEST],
        tuple(source for source in sources if source.url)[:_MOST_SOURCES],
    )


def _merged(old: ExecutedTool, new: ExecutedTool) -> ExecutedTool:
    return ExecutedTool(
        new.name or old.name,
        new.arguments or old.arguments,
        new.output or old.output,
        new.sources or old.sources,
    )


def _objects(value: object) -> list[dict[str, object]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(entry: dict[str, object], name: str) -> str:
    return fields.whole_characters(fields.text(entry.get(name)) or "")
