"""Commands about keys: find or enter the one that the chat uses, and open the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import KeyRejectedError, NoKeyError, StorageError
from groqchat.domain.text.secret import KEY_VARIABLE
from groqchat.services.account.keys import FoundKey
from groqchat.ui.keys.connecting import connect
from groqchat.ui.keys.entering import KeyEntering
from groqchat.ui.keys.managing import KeyManagement, still_there

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.ui.keys.waiting import KeyringWait
    from groqchat.ui.workspace.workspace import Workspace


class KeyActions:
    """Commands about the key that the chat uses; `KeyManagement` changes the others.

    Args:
        workspace: The parts of the chat.
        keyring: The wait for a keyring that asks.
        replace_gone: Replaces models that are gone, once an account's own list is known.
        begin_demo: Ends the chat, and opens it again with the simulator.
    """

    def __init__(
        self,
        workspace: Workspace,
        keyring: KeyringWait,
        replace_gone: Callable[[], Awaitable[None]],
        begin_demo: Callable[[], None],
    ) -> None:
        self._workspace = workspace
        self._keyring = keyring
        self._replace_gone = replace_gone
        self._begin_demo = begin_demo
        self._entering = KeyEntering(workspace, replace_gone)
        self._management = KeyManagement(workspace, keyring, self._entering)
        # Whether one is being looked for, which may take its time.
        self._is_looking = False

    async def manage_keys(self, _: str) -> None:
        """Open the list of keys until it is closed; without any, look for one."""
        if not await self._management.show():
            await (self.ask() if self._is_looking else self.find())

    async def find(self, *, by_itself: bool = False) -> None:
        """Use the key that is found; without one, have a key entered.

        Args:
            by_itself: Whether nobody has asked for it, so that no dialog opens over a text.
        """
        if self._is_looking:
            return
        self._is_looking = True
        try:
            found: FoundKey | GroqchatError | None
            found = await self._keyring.unless_given_up(self._workspace.services.find_key())
        except (NoKeyError, StorageError) as error:
            found = error
        finally:
            self._is_looking = False
        if self._workspace.account.connection is not None:
            return  # one was entered meanwhile
        if isinstance(found, FoundKey):
            connect(self._workspace, found, self._replace_gone)
        elif self._entering.is_asking:
            return
        elif found is None:
            self._workspace.account.keyless()
        elif by_itself and self._workspace.composer.text.strip():
            # Somebody is writing, and the letters would go into the dialog; the card has its key.
            self._workspace.account.keyless()
            self._workspace.show_error(found)
        else:
            await self.ask(found)

    async def ask(self, reason: GroqchatError | None = None) -> None:
        """Have a key entered for the profile in use; it is used at once.

        Args:
            reason: Why one is needed; a key that was rejected is replaced by it.
        """
        workspace = self._workspace
        used = self._entering.used
        profile = used.profile if used else workspace.services.profile
        why = _why(reason, used, profile)
        entered = await self._entering.entered(profile, why, may_demo=used is None, goes_on=True)
        if entered == "demo":
            self._begin_demo()
        elif isinstance(entered, FoundKey):
            await self._entering.use(entered)
            workspace.toasts.clear_errors()
            workspace.composer.area.focus()
            if used is not None and used.source == "env":
                workspace.notify(still_there(used.secret.masked), severity="warning")
            if isinstance(reason, KeyRejectedError) and workspace.composer.text:
                workspace.notify("The new key is in use; Enter sends the prompt again.")
        elif used is None:
            workspace.account.keyless()


def _why(reason: GroqchatError | None, used: FoundKey | None, profile: str) -> str:
    """The sentence about why a key is asked for."""
    if reason is None or isinstance(reason, NoKeyError):
        return f"There is no key for the profile {profile} yet."
    if used is not None and isinstance(reason, KeyRejectedError):
        origin = KEY_VARIABLE if used.source == "env" else f"profile {profile}"
        return f"{reason.message} It is {used.secret.masked}, from {origin}."
    return f"{reason.message} {reason.suggestion}"
