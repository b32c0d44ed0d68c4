"""The command that begins and leaves an incognito chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.commands import OFF

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.ui.workspace.workspace import Workspace


class IncognitoActions:
    """Begins and leaves a chat of which nothing is kept but tokens, cost and model.

    All of its services are others, so that no part of the chat can keep what it should not: the
    program begins anew.

    Args:
        workspace: The parts of the chat.
        begin_anew: Ends this chat, and begins one that is ``incognito`` or ``kept``.
        may_leave: Whether no session is answered any more; if one is, the user is asked.
    """

    def __init__(
        self,
        workspace: Workspace,
        begin_anew: Callable[[str], None],
        may_leave: Callable[[], Awaitable[bool]],
    ) -> None:
        self._workspace = workspace
        self._begin_anew = begin_anew
        self._may_leave = may_leave

    async def toggle(self, argument: str) -> None:
        """Begin an incognito chat, or leave it, with all that was said in it."""
        workspace = self._workspace
        is_incognito = workspace.services.is_incognito
        if argument and argument != OFF:
            said = "/incognito begins a chat that is not saved; /incognito off leaves it."
            workspace.prompt.refuse(said, "incognito", argument)
        elif argument == OFF and not is_incognito:
            workspace.notify("This chat is saved; /incognito begins one that is not.")
        elif is_incognito:
            await workspace.save()
            self._begin_anew("kept")
        elif await self._may_leave():
            await workspace.save()
            self._begin_anew("incognito")
