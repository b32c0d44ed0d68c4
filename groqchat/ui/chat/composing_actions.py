"""Commands about the text in the composer: earlier prompts, editor, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.terminal.files import path_from
from groqchat.ui.widgets.attachments import Attaching
from groqchat.ui.widgets.prompt_recall import Recall

if TYPE_CHECKING:
    from groqchat.ui.chat.screen import ChatScreen


class ComposingActions:
    """Acts on the composer."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._recall = Recall(screen.parts.drafts, screen.composer.area)
        self._attaching = Attaching(screen.composer.area)

    async def recall(self, step: int, before: str) -> None:
        """Go through the prompts sent before."""
        await self._recall.step(step, before)

    async def do_history(self, _: str) -> None:
        """Find a prompt sent before."""
        from groqchat.ui.dialogs.prompt_history import find_prompt

        screen = self._screen
        await find_prompt(screen.app, screen.parts.drafts, screen.composer.area)

    async def do_editor(self, _: str) -> None:
        """Write the prompt in an editor."""
        from groqchat.ui.terminal.editor import edited

        composer = self._screen.composer
        try:
            composer.text = edited(self._screen.app, composer.text)
        except StorageError as error:
            self._screen.troubles.show(error)

    async def do_attach(self, argument: str) -> None:
        """Add a file's text to the prompt."""
        if not argument:
            self._screen.toasts.notice("Write /attach and a path, or @path in the prompt.")
            self._screen.prompting.offer_command("attach")
            return
        try:
            self._attaching.attach(path_from(argument))
        except StorageError as error:
            said = f"Nothing is attached: {error.facts.detail}."
            self._screen.prompting.refuse(said, "attach", argument)

    def attach_named(self) -> str:
        """Add the files that the prompt names; returns what to say instead of sending it."""
        return self._attaching.attach_named()
