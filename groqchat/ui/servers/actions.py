"""The command about MCP servers: the window, and what is done from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.spelling import did_you_mean
from groqchat.ui.servers.tool_actions import ToolActions, switched_on, tools_are

if TYPE_CHECKING:
    from groqchat.services.tools.ports import ToolServer
    from groqchat.ui.servers.screen import ServerAction
    from groqchat.ui.workspace.workspace import Workspace

_KEPT = "It is kept in the system keyring, and sent to that address alone."


class ServerActions:
    """The commands about servers, and about the tools of the session."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.tools = ToolActions(workspace)

    async def show_servers(self, name: str) -> None:
        """Open the window, and again after each action; or switch the named server."""
        from groqchat.ui.servers.screen import ServerScreen

        workspace, servers = self._workspace, self._workspace.services.servers
        if name:
            source = servers.named(name)
            said = await self._switch(source) if source else self._unknown(name)
            workspace.notify(said, severity="information" if source else "warning")
            return
        options = lambda: workspace.options.tools  # noqa: E731 - as the window takes it
        await workspace.ask(ServerScreen(servers.all, options, self._act, self._unread()))

    def _unknown(self, name: str) -> str:
        """A sentence for a name that no server has, or on servers that cannot be read."""
        known = [each.name for each in self._workspace.services.servers.all()]
        meant = did_you_mean(name, known) or "."
        return self._unread() or f"There is no MCP server {name}{meant}"

    def _unread(self) -> str:
        """What cannot be read of the servers in the settings, and the remedy; empty for nothing."""
        try:
            self._workspace.services.servers.refuse_unread()
        except GroqchatError as error:
            return f"{error.message} {error.suggestion}"
        return ""

    async def _act(self, action: ServerAction, source: ToolServer | None) -> str:
        """Do what was chosen; returns what came of it, in a sentence."""
        try:
            return await self._done(action, source)
        except GroqchatError as error:
            return f"{error.message} {error.suggestion}"
        except (ValueError, LookupError) as mistake:
            return f"Not done: {mistake.args[0]}."

    async def _done(self, action: ServerAction, source: ToolServer | None) -> str:
        from groqchat.ui.servers.screen import ServerAction

        if action is ServerAction.ADD or source is None:
            return await self._add()
        match action:
            case ServerAction.SWITCH:
                return await self._switch(source)
            case ServerAction.TOOLS:
                return await self._show_tools(source)
            case ServerAction.REMOVE:
                return await self._remove(source)
        return await self._take_token(source)

    async def _switch(self, source: ToolServer) -> str:
        """Let this session use the tools of a server, or no longer."""
        workspace, name = self._workspace, source.name
        before = workspace.options.tools
        if name in before:
            await workspace.set_options(tools=tuple(each for each in before if each != name))
            return f"The tools of {name} are off in this session."
        async with switched_on(workspace, name):
            listing = await source.listing()
        if (connection := workspace.account.connection) is not None:
            await connection.turns.learn_tools(workspace.options)
        said = tools_are(name, len(listing.tools))
        return f"{said} on in this session; each call is asked about first."

    async def _show_tools(self, source: ToolServer) -> str:
        from groqchat.ui.servers.tools import ToolPicker

        listing = await source.listing()
        await self._workspace.ask(ToolPicker(source, listing))
        return ""

    async def _add(self) -> str:
        from groqchat.ui.dialogs.ask_words import Words
        from groqchat.ui.servers.entries import HOW_TO_ADD, LONGEST_SERVER, server_of

        window = Words("Add a server", "", LONGEST_SERVER, HOW_TO_ADD, verb="add")
        text = await self._workspace.ask(window)
        if not text:
            return ""
        name, table = server_of(text)
        self._workspace.services.servers.add(name, table)
        return f"{name} is added; Enter switches its tools on in this session."

    async def _remove(self, source: ToolServer) -> str:
        from groqchat.ui.dialogs.confirm import Confirm

        question = f"Remove {source.name} from the settings, and its token from the keyring?"
        if not await self._workspace.ask(Confirm(question, "Remove")):
            return ""
        if source.name in self._workspace.options.tools:
            await self._switch(source)
        await self._workspace.services.servers.remove(source.name)
        return f"{source.name} is removed."

    async def _take_token(self, source: ToolServer) -> str:
        from groqchat.services.tools.registry import refuse_token
        from groqchat.ui.servers.entries import TokenEntry

        refuse_token(source.server)
        token = await self._workspace.ask(TokenEntry(source.name, _KEPT))
        if token is None:
            return ""
        store = await self._workspace.services.servers.store_token(source.name, token)
        return f"The token is stored in {store}."
