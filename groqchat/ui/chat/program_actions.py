"""Commands about the program itself: palette, reasoning, help, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.workspace.workspace import Workspace


class ProgramActions:
    """Commands about the program.

    Args:
        workspace: The parts of the chat.
        open_palette: Opens the command palette.
        leave: Ends the program, once nothing is answered any more or that was asked about.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        open_palette: Callable[[], None],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        self._workspace = workspace
        self._open_palette = open_palette
        self._leave = leave

    async def fold_reasoning(self, _: str) -> None:
        """Fold or unfold the reasoning of the answers."""
        is_shown = self._workspace.conversation.toggle_reasoning()
        self._workspace.notify(f"Reasoning is {'unfolded' if is_shown else 'folded'} now.")

    async def show_times(self, _: str) -> None:
        """Show or hide when the messages began."""
        is_shown = self._workspace.conversation.toggle_times()
        self._workspace.notify(f"The times of messages are {'shown' if is_shown else 'hidden'}.")

    async def open_palette(self, _: str) -> None:
        """Open the command palette."""
        self._open_palette()

    async def show_help(self, topic: str) -> None:
        """Show a guide, or keys, commands and the options of the session."""
        from groqchat.ui.commands import COMMANDS
        from groqchat.ui.dialogs.guides import show_guides
        from groqchat.ui.dialogs.help import HelpScreen
        from groqchat.ui.workspace.options_summary import in_full

        workspace = self._workspace
        if topic:
            await show_guides(topic, workspace.ask)
            return
        asked_with = in_full(workspace.options, workspace.catalog.get(workspace.options.model))
        wants_guides = await workspace.ask(HelpScreen(COMMANDS, asked_with))
        if wants_guides:
            await show_guides("", workspace.ask)

    async def quit(self, _: str) -> None:
        """Leave; what was written is stored already."""
        await self._leave()
