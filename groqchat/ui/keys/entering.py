"""Has a key entered and checked, and uses it from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.account.keys import FoundKey
from groqchat.ui.keys.connecting import close_unused, connect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.text.secret import Secret
    from groqchat.services.account.key_checks import KeyCheck
    from groqchat.ui.keys.entry import Answer
    from groqchat.ui.workspace.workspace import Workspace

_FOR_THIS_RUN = "The key works. It is used for this run only, and stored nowhere."


class KeyEntering:
    """Has keys entered, and knows which one the chat uses.

    ``is_asking`` tells whether the window for a key is open.

    Args:
        workspace: The parts of the chat.
        replace_gone: Replaces models that are gone, once an account's own list is known.
    """

    def __init__(self, workspace: Workspace, replace_gone: Callable[[], Awaitable[None]]) -> None:
        self._workspace = workspace
        self._replace_gone = replace_gone
        self.is_asking = False

    @property
    def used(self) -> FoundKey | None:
        """The key in use."""
        connection = self._workspace.account.connection
        return connection.key if connection else None

    async def entered(
        self, profile: str, why: str, *, may_demo: bool = False, goes_on: bool = False
    ) -> FoundKey | Answer | None:
        """Have a key entered and checked, and stored under a name if it works.

        Args:
            profile: The name.
            why: The reason for it.
            may_demo: Whether the demo is offered.
            goes_on: Whether a key that works is used for this run where there is no keyring.
        """
        from groqchat.ui.keys.entry import KeyEntered, KeyScreen

        keys = self._workspace.services.keys

        found: KeyCheck | None = None

        async def check(secret: Secret) -> KeyCheck:
            nonlocal found
            found = await keys.check(secret, meant_for=profile)
            return found

        async def store(secret: Secret) -> str:
            return await keys.add(profile, secret, found=found)

        asked = keys.server_of(profile)
        dialog = KeyScreen(
            check, store, reason=why, goes_on=goes_on, may_skip_to_demo=may_demo, server=asked
        )
        self.is_asking = True
        try:
            entered = await self._workspace.ask(dialog)
        finally:
            self.is_asking = False
        if not isinstance(entered, KeyEntered):
            return entered
        if (missing := entered.unasked) is not None:
            said = f"{_FOR_THIS_RUN} {missing.message} {missing.suggestion}".rstrip()
            self._workspace.notify(said, severity="warning", stays=True)
        source = "keyring" if entered.stored_in else "session"
        return FoundKey(entered.secret, profile, source, entered.stored_in or "")

    async def use(self, key: FoundKey) -> None:
        """Use a key from now on; what is under way ends with the one that it began with."""
        workspace = self._workspace
        old, taken = workspace.account.connection, workspace.conversation.turns.taken
        connect(workspace, key, self._replace_gone)
        if old is not None:
            workspace.run(close_unused(workspace, old, taken), group="old-key")
