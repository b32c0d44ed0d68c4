"""The command palette: every command by its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Provider
from textual.content import Content

from groqchat.ui.commands import COMMANDS
from groqchat.ui.widgets.composer import Composer
from groqchat.ui.widgets.text import bound_key
from groqchat.ui.widgets.toasts import Toasts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.command import Hits

    from groqchat.ui.commands import Command

_NEED_WORDS = frozenset({"system", "effort", "attach", "transcribe"})


class CommandPalette(Provider):
    """Offers the commands on screens that can run them, with the key and the slash word."""

    async def discover(self) -> Hits:
        """All commands, while nothing is typed."""
        for command in self._offered():
            run = partial(self._run, command)
            yield DiscoveryHit(self._label(command), run, command.title, command.help)

    async def search(self, query: str) -> Hits:
        """Commands whose title, slash word or help match."""
        matcher = self.matcher(query)
        for command in self._offered():
            score = max(
                matcher.match(command.title),
                matcher.match(f"/{command.slash}") if command.slash else 0,
                matcher.match(command.help) / 2,
            )
            if score > 0:
                run = partial(self._run, command)
                title = matcher.highlight(command.title)
                yield Hit(score, self._label(command, title), run, command.title, command.help)

    def _offered(self) -> Iterator[Command]:
        can_run = hasattr(self.screen, "action_run")
        return (command for command in COMMANDS if can_run and command.id != "palette")

    async def _run(self, command: Command) -> None:
        """Run a command; one that needs an argument waits for it in the composer."""
        if command.id not in _NEED_WORDS:
            await self.screen.run_action(f"run('{command.id}')")
            return
        composer = self.screen.query_one(Composer)
        if composer.text.strip():
            said = f"Send what is written first, then type /{command.slash} {command.argument}."
            self.screen.query_one(Toasts).notice(said)
        else:
            composer.text = f"/{command.slash} "
        composer.area.focus()

    def _label(self, command: Command, title: Content | None = None) -> Content:
        slash = f"/{command.slash}" if command.slash else ""
        ways = filter(None, (bound_key(self.screen, command.id, command.keys), slash))
        return Content.assemble(title or command.title, ("  " + " · ".join(ways), "$text-muted"))
