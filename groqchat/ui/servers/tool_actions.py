"""The command about the tools of a session."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.parameters import can_run
from groqchat.domain.planning.tool_prices import price_words
from groqchat.domain.text.humanize import counted, in_words
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.tools.executed import BROWSER_SEARCH, BUILT_IN, CODE_INTERPRETER
from groqchat.ui.commands import OFF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from groqchat.services.account.connection import Connection
    from groqchat.ui.servers.tool_switches import Switch
    from groqchat.ui.workspace.workspace import Workspace

_ABOUT = {
    BROWSER_SEARCH: "Groq searches the web and reads pages by itself; answers cite them.",
    CODE_INTERPRETER: "Groq runs Python that the model writes, in a sandbox.",
}
_OWN = "Each call is shown and asked about before it runs. /mcp shows its tools."


class ToolActions:
    """Switches tools on and off in the open session."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def show_tools(self, argument: str) -> None:
        """Open the window; or switch the named tool, or all of them off."""
        from groqchat.ui.servers.tool_switches import ToolsScreen

        word = argument.strip()
        connection = await self._workspace.account.ready("the tools are shown")
        if connection is None:
            return
        if word.lower() == OFF:
            await self._workspace.set_options(tools=())
            self._workspace.notify("All tools are off in this session.")
        elif word:
            names = [each.name for each in self._switches(connection)]
            if word in names:
                self._workspace.notify(await self._turn(connection, word))
            else:
                meant = did_you_mean(word, names) or f"; there are {in_words(names)}."
                said = f"/tools {word}: nothing is called so{meant}"
                self._workspace.prompt.refuse(said, "tools", word)
        else:
            await self._workspace.ask(
                ToolsScreen(
                    lambda: self._switches(connection),
                    lambda name: name in self._workspace.options.tools,
                    lambda name: self._turn(connection, name),
                    lambda name: self._forget(connection, name),
                )
            )

    def _switches(self, connection: Connection) -> list[Switch]:
        from groqchat.ui.servers.tool_switches import Switch

        workspace = self._workspace
        model = workspace.catalog.get(workspace.options.model)
        prices = workspace.catalog.tools
        built_in = [
            Switch(
                name,
                "Groq's own",
                f"Price: {price_words(prices.get(name))}. {_ABOUT[name]}",
                "" if can_run(model, name) else f"{model.id} has no {name}.",
            )
            for name in BUILT_IN
        ]
        own = (Switch(name, "server", _OWN) for name in connection.turns.sources.names)
        return [*built_in, *own]

    async def _turn(self, connection: Connection, name: str) -> str:
        """Switch a tool; returns what came of it."""
        workspace, before = self._workspace, self._workspace.options.tools
        if name in before:
            await workspace.set_options(tools=tuple(each for each in before if each != name))
            return f"{name} is off in this session."
        source = connection.turns.sources.named(name)
        said = f"{name} is on in this session."
        if source is None:
            await workspace.set_options(tools=(*before, name))
        else:
            try:
                async with switched_on(workspace, name):
                    tools = await source.tools()
            except GroqchatError as error:
                return f"{error.message} {error.suggestion}"
            said = f"{tools_are(name, len(tools))} on in this session."
        await connection.turns.learn_tools(workspace.options)
        return said

    async def _forget(self, connection: Connection, name: str) -> str:
        """Take back what may always run of a source."""
        try:
            session_id = self._workspace.conversation.session.id
            taken = await connection.turns.approvals.revoke(name, session_id)
        except GroqchatError as error:
            return f"{error.message} {error.suggestion}"
        again = f"You are asked again before each call of {name}"
        return f"{again}; {in_words(taken)} ran unasked." if taken else f"{again}."


@asynccontextmanager
async def switched_on(workspace: Workspace, name: str) -> AsyncIterator[None]:
    """Switch a server's tools on while it starts, so that a prompt sent meanwhile waits for them.

    They are switched off again where it cannot be asked, or nobody waits for it any more.
    """
    session_id = workspace.conversation.session.id
    await workspace.set_options(tools=(*workspace.options.tools, name))
    is_ready = False
    try:
        yield
        is_ready = True
    finally:
        if not is_ready and workspace.conversation.session.id == session_id:
            left = tuple(each for each in workspace.options.tools if each != name)
            await workspace.set_options(tools=left)


def tools_are(source: str, number: int) -> str:
    """``1 tool of time is`` or ``2 tools of time are``, as the beginning of a sentence."""
    return f"{counted(number, 'tool')} of {source} {'is' if number == 1 else 'are'}"
