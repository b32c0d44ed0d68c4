"""The window with the tools of one server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.tools.listing import LeftOut
from groqchat.domain.tools.tool import Tool
from groqchat.ui.dialogs.ask_words import Words
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import Picker, Row
from groqchat.ui.widgets.text import KeyHint, block, first_sentence, line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.tools.listing import Listing
    from groqchat.services.tools.ports import ToolServer

_LONGEST_ARGUMENTS = 4_000
_EMPTY = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


class ToolPicker(Picker[Tool | LeftOut]):
    """The tools of a server; Enter tries one.

    Args:
        source: The server.
        listing: What it offers.
    """

    asks = "Part of a name or a description"
    nothing = "No tool matches."
    purpose = "The tools of this server. Enter tries one, without any model."
    guide = "tools"

    def __init__(self, source: ToolServer, listing: Listing) -> None:
        self.heading = f"Tools of {source.name}"
        super().__init__()
        self._source = source
        self._all: tuple[Tool | LeftOut, ...] = (*listing.tools, *listing.left_out)

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter tries the highlighted tool."""
        return (KeyHint("Enter", "try it", "enter"), KeyHint("↑↓", "move"), CLOSE)

    def narrow(self, query: str) -> None:
        """The tools with a part of their name or description."""
        wanted = query.strip().casefold()
        self.show_rows([_row(each) for each in self._all if wanted in _searched(each).casefold()])

    def describe(self, value: Tool | LeftOut) -> Content:
        """The description and the arguments, or why it is not offered."""
        if isinstance(value, LeftOut):
            return Content.styled(f"Not offered to models: {value.reason}.", "$text-warning")
        return Content.assemble(
            block(value.description, 600) or "(no description)",
            ("\n" + _arguments(value.parameters), "$text-muted"),
        )

    def choose(self, value: Tool | LeftOut) -> None:
        """Try a tool, with arguments that are asked for."""
        if isinstance(value, Tool):
            self.run_worker(self._try(value), exclusive=True, group="try")

    async def _try(self, tool: Tool) -> None:
        from groqchat.ui.servers.result import ResultViewer

        example = json.dumps(example_of(tool.parameters), ensure_ascii=False)
        below = f"Arguments of {line(tool.name, 60)} as a JSON object."
        while True:
            window = Words(
                "Try a tool", example, _LONGEST_ARGUMENTS, below, verb="run it", replaces=False
            )
            text: str | None = await self.app.push_screen_wait(window)
            if text is None:
                return
            arguments, below = _object_in(text)
            if arguments is not None:
                break
            example = text
        self.said.update(Content("The tool runs …"))
        result = await self._source.call(tool.name, arguments)
        await self.app.push_screen_wait(ResultViewer(tool, result))
        self.said.update(self.describe(tool))


def example_of(parameters: Mapping[str, object]) -> dict[str, object]:
    """Arguments to begin with: those that a tool needs, with nothing in them."""
    properties, required = parameters.get("properties"), parameters.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return {}
    return {name: _EMPTY.get(properties.get(name, {}).get("type"), "") for name in required}


def _object_in(text: str) -> tuple[dict[str, object] | None, str]:
    """The JSON object in a text; where there is none, None, and a sentence on why."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        return None, f"This is no JSON: {problem}."
    return (found, "") if isinstance(found, dict) else (None, "Write a JSON object, {…}.")


def _arguments(parameters: Mapping[str, object]) -> str:
    """The names of the arguments, those that are needed first."""
    properties, required = parameters.get("properties"), parameters.get("required")
    names = list(properties) if isinstance(properties, dict) else []
    needed = [name for name in names if isinstance(required, list) and name in required]
    others = [f"{name}?" for name in names if name not in needed]
    return f"Arguments: {line(', '.join([*needed, *others]) or 'none')}"


def _searched(value: Tool | LeftOut) -> str:
    return f"{value.name} {value.description}" if isinstance(value, Tool) else value.name


def _row(value: Tool | LeftOut) -> Row[Tool | LeftOut]:
    if isinstance(value, LeftOut):
        return Content.styled(f"{line(value.name, 60)}  (not offered)", "$text-muted"), value
    about = line(first_sentence(value.description), 120)
    return Content.assemble(line(value.name, 60), (f"  {about}", "$text-muted")), value
