"""Commands about the program itself: palette, reasoning, help, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping
    from typing import Any

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

    @property
    def commands(self) -> Mapping[str, Callable[[str], Coroutine[Any, Any, None]]]:
        """The methods of the commands, by the ids of the commands."""
        return {
            "reasoning": self.fold_reasoning,
            "times": self.show_times,
            "palette": self.open_palette,
            "help": self.show_help,
            "tour": self.show_tour,
            "news": self.show_news,
            "quit": self.quit,
        }

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

    async def show_tour(self, _: str) -> None:
        """Show the first keys, as at the first start."""
        from groqchat.ui.dialogs.tour import TourScreen
        from groqchat.ui.widgets.welcome import tour_lines

        workspace = self._workspace
        sends_with_enter = workspace.services.settings.send_with_enter
        lines = tour_lines(workspace.composer.screen, sends_with_enter=sends_with_enter)
        await workspace.ask(TourScreen(lines))

    async def show_news(self, _: str) -> None:
        """Show what came since the version that ran before, or in this one."""
        from groqchat.catalog.changelog import changelog, news_since
        from groqchat.catalog.guides import for_terminal
        from groqchat.ui.dialogs.guides import NewsScreen

        workspace = self._workspace
        before = workspace.services.last_run.before.version
        await workspace.ask(NewsScreen(for_terminal(news_since(before, changelog()))))

    async def quit(self, _: str) -> None:
        """Leave; what was written is stored already."""
        await self._leave()
