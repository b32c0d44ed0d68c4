"""The command about settings: its window, the window with the keys, and the file in an editor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from groqchat.ui.settings.desk import SettingsDesk
    from groqchat.ui.workspace.workspace import Workspace

# What is written behind the command for the file.
FILE = "file"


class Watch(Protocol):
    """Takes up settings that were changed."""

    @property
    def later(self) -> Collection[str]:
        """The names of settings that apply after the next start."""

    async def take_up(self) -> None:
        """Apply the settings as they are now, and show notices about them."""

    async def apply(self) -> str:
        """Apply them; returns the sentence on what has to wait."""


class SettingsActions:
    """The commands about settings.

    Args:
        workspace: The parts of the chat.
        watch: Takes up settings that were changed.
        edit_file: Has a file edited in the user's editor; raises ``StorageError``.
        openers: Opens the windows of settings that have one of their own, by their names.
    """

    def __init__(
        self,
        workspace: Workspace,
        watch: Watch,
        edit_file: Callable[[Path], None],
        openers: Mapping[str, Callable[[str], Coroutine[Any, Any, None]]],
    ) -> None:
        self._workspace = workspace
        self._watch = watch
        self._edit_file = edit_file
        self._openers = openers

    async def show_settings(self, argument: str) -> None:
        """Open the settings, those that match some words, or the file in an editor."""
        from groqchat.ui.settings.screen import SettingsScreen

        words = argument.strip()
        if words.lower() == FILE:
            if said := await self._edit():
                self._workspace.notify(said)
        else:
            await self._workspace.ask(
                SettingsScreen(self._desk(), self._choices(), self._windows(), words)
            )

    def _desk(self) -> SettingsDesk:
        from groqchat.ui.settings.desk import SettingsDesk

        workspace = self._workspace
        named = workspace.conversation.named_model
        watch = self._watch
        return SettingsDesk(workspace.services, watch.apply, self._edit, watch.later, named)

    def _choices(self) -> Mapping[str, Callable[[], Sequence[str]]]:
        """The values to choose from, by the names of settings that take others too."""

        def chat_models() -> Sequence[str]:
            return [model.id for model in self._workspace.catalog.chat_models()]

        return {"model": chat_models, "summary_model": chat_models}

    def _windows(self) -> Mapping[str, Callable[[], Coroutine[Any, Any, None]]]:
        others = {name: partial(method, "") for name, method in self._openers.items()}
        return {"keys": self.show_keys, **others}

    async def show_keys(self, _: str = "") -> None:
        """Open the keys of all commands."""
        from groqchat.ui.settings.key_map import KeyMapScreen

        await self._workspace.ask(KeyMapScreen(self._desk()))

    async def _edit(self) -> str:
        """Open the settings file in an editor and take up what changed.

        Returns:
            The reason why there is no file; empty where there is one.

        Raises:
            StorageError: The editor could not be started.
        """
        workspace = self._workspace
        if workspace.services.is_demo:
            return "The demo has no settings file; changes in /settings last for this run."
        self._edit_file(workspace.services.settings_path)
        workspace.services.reload_settings()
        await self._watch.take_up()
        return ""
