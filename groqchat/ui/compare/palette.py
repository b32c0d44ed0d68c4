"""The command palette of a comparison."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Provider
from textual.content import Content

from groqchat.ui.compare.commands import COMMANDS, WRITTEN_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.command import Hits

    from groqchat.ui.compare.command import CompareCommand, PromptCommand


_OFFERED: tuple[CompareCommand | PromptCommand, ...] = (*COMMANDS, *WRITTEN_COMMANDS)


class ComparePalette(Provider):
    """Offers the commands of a comparison by name."""

    async def discover(self) -> Hits:
        """All commands, while nothing is typed."""
        for command in _OFFERED:
            yield DiscoveryHit(_label(command), self._runs(command), command.title, command.help)

    async def search(self, query: str) -> Hits:
        """The commands whose words or help match the query."""
        matcher = self.matcher(query)
        for command in _OFFERED:
            score = max(matcher.match(command.title), matcher.match(command.help) / 2)
            if score > 0:
                label = _label(command, matcher.highlight(command.title))
                yield Hit(score, label, self._runs(command), command.title, command.help)

    def _runs(self, command: CompareCommand | PromptCommand) -> Callable[[], Awaitable[None]]:
        return partial(self.screen.run_action, f"command('{command.id}')")


def _label(command: CompareCommand | PromptCommand, title: Content | None = None) -> Content:
    return Content.assemble(title or command.title, (f"  {command.hint.key}", "$text-muted"))
