"""The window with the MCP servers: what they are, whether they work, which ones are on."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from groqchat.domain.text.humanize import counted
from groqchat.domain.tools.server_state import State
from groqchat.domain.turns.tokens import TokenEstimator
from groqchat.ui.dialogs.dialog import CLOSE
from groqchat.ui.dialogs.picker import Picker, Row
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Sequence
    from typing import Any

    from groqchat.services.tools.ports import ToolServer

# A server that answers sooner is not said to be asked, in seconds.
_SAID_AFTER_S = 0.2
_LONGEST_NAME = 32  # of those that the settings take
_STATE = len(State.IDLE)
_COLOURS = {
    State.IDLE: "$text-muted",
    State.STARTING: "$text-accent",
    State.READY: "$text-success",
    State.FAILED: "$text-error",
}


class ServerAction(Enum):
    """The actions on a server."""

    SWITCH = "switch"
    TOOLS = "tools"
    ADD = "add"
    REMOVE = "remove"
    TOKEN = "token"  # noqa: S105 - the name of an action


class ServerScreen(Picker["ToolServer"]):
    """The list of servers, which stays open while something is done with one.

    Args:
        servers: Gives the servers.
        switched_on: Gives the names of those whose tools this session may use.
        act: Does something with a server; gives a sentence on what came of it.
        problem: A sentence on servers that cannot be read; may be empty.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "wish('tools')", show=False, priority=True),
        Binding("f4", "wish('token')", show=False, priority=True),
        Binding("f6", "wish('remove')", show=False, priority=True),
        Binding("f7", "wish('add')", show=False, priority=True),
    ]
    heading = "MCP servers"
    purpose = "The MCP servers whose tools models may call. A server is on or off for each session."
    guide = "tools"
    asks = "Part of a name"
    nothing = "No MCP server yet: F7 adds one, whose tools models may then call."

    def __init__(
        self,
        servers: Callable[[], Sequence[ToolServer]],
        switched_on: Callable[[], Collection[str]],
        act: Callable[[ServerAction, ToolServer | None], Coroutine[Any, Any, str]],
        problem: str = "",
    ) -> None:
        super().__init__()
        self.nothing = problem or self.nothing
        self._servers = servers
        self._switched_on = switched_on
        self._act = act
        self._words = ""
        self._last = ""

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter switches the highlighted server."""
        add = KeyHint("F7", "add", "f7")
        if not self._servers():
            return (add, CLOSE)
        return (
            KeyHint("Enter", "on or off in this session", "enter"),
            KeyHint("F2", "its tools", "f2"),
            KeyHint("F4", "token", "f4"),
            KeyHint("F6", "remove", "f6"),
            add,
            CLOSE,
        )

    def narrow(self, query: str) -> None:
        """The servers with a part of their name."""
        wanted = query.strip().casefold()
        found = [each for each in self._servers() if wanted in each.name.casefold()]
        places = [at for at, each in enumerate(found) if each.name == self._last]
        width = min(_LONGEST_NAME, max((len(each.name) for each in found), default=0))
        rows = [self._row(each, width) for each in found]
        self.show_rows(rows, places[0] if places else 0)
        self.key_bar.show(self.hints())
        if not found and self._words:
            self.said.update(Content(self._words))

    def describe(self, value: ToolServer) -> Content:
        """What it is, and what is known of it."""
        server, state = value.server, value.state
        words = [self._words] if self._words and value.name == self._last else []
        if state.problem is not None and not words:
            problem, detail = state.problem, state.problem.facts.detail
            told = f"Left out: {detail}." if server.problem else problem.message
            words.append(f"{told} {problem.suggestion}")
        if state.listing is not None and state.listing.tools:
            tokens = TokenEstimator().tools(state.listing.tools, built_in=0).tokens
            words.append(f"Its tools are about {counted(tokens, 'token')} of each request.")
        if state.listing is not None and state.listing.left_out:
            left_out = counted(len(state.listing.left_out), "tool")
            words.append(f"{left_out} not offered; F2 says why.")
        if server.place:
            words.append(line(server.place, 200))
        if server.env:
            words.append(f"Gets {', '.join(server.env)}.")
        return Content("\n".join(words))

    def choose(self, value: ToolServer) -> None:
        """Switch a server."""
        self._begin(ServerAction.SWITCH, value)

    def action_wish(self, action: str) -> None:
        """Do something with the highlighted server."""
        wanted = ServerAction(action)
        if wanted is ServerAction.ADD or self.highlighted is not None:
            self._begin(wanted, self.highlighted)

    def _begin(self, action: ServerAction, source: ToolServer | None) -> None:
        self._last = source.name if source else ""
        self.run_worker(self._do(action, source), exclusive=True, group="act")

    async def _do(self, action: ServerAction, source: ToolServer | None) -> None:
        """Do it, saying that a server is being asked until it has answered."""
        before = {each.name for each in self._servers()}
        doing = asyncio.create_task(self._act(action, source))
        try:
            await asyncio.wait((doing,), timeout=_SAID_AFTER_S)
            if not doing.done() and source and source.state.state is State.STARTING:
                self._say(f"{source.name} is being asked; Esc leaves it alone.")
            said = await doing
            added = [each.name for each in self._servers() if each.name not in before]
            self._last = added[0] if added else self._last
            self._say(said)
        finally:
            doing.cancel()

    def _say(self, words: str) -> None:
        self._words = words
        if self.is_mounted:
            self.narrow(self.line.value)

    def _row(self, source: ToolServer, width: int) -> Row[ToolServer]:
        is_on = source.name in self._switched_on()
        state = source.state
        words = str(state.state)
        if state.listing is not None:
            words = counted(len(state.listing.tools), "tool")
        content = Content.assemble(
            ("● " if is_on else "○ ", "$text-success" if is_on else "$text-muted"),
            (f"{line(source.name, width):<{width}}  ", "bold" if is_on else ""),
            (f"{words:<{_STATE}}  ", _COLOURS[state.state]),
            (line(source.server.place or source.server.problem, 120), "$text-muted"),
        )
        return content, source
