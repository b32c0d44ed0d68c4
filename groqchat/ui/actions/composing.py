"""Commands about the text in the composer: earlier prompts, editor, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors import StorageError
from groqchat.ui.attachments import with_file, with_named_files
from groqchat.ui.files import path_from
from groqchat.ui.recall import Recall

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.ui.chat_screen import ChatScreen


class ComposingActions:
    """Acts on the composer."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._recall = Recall(screen.parts.drafts, screen.composer.area)
        self._with_files = ""

    async def recall(self, step: int, before: str) -> None:
        """Go through the prompts sent before."""
        await self._recall.step(step, before)

    async def do_history(self, _: str) -> None:
        """Find a prompt sent before."""
        from groqchat.ui.screens.history import find_prompt

        screen = self._screen
        await find_prompt(screen.app, screen.parts.drafts, screen.composer.area)

    async def do_editor(self, _: str) -> None:
        """Write the prompt in an editor."""
        from groqchat.ui.editor import edited

        composer = self._screen.composer
        try:
            composer.text = edited(self._screen.app, composer.text)
        except StorageError as error:
            self._screen.troubles.show(error)

    async def do_attach(self, argument: str) -> None:
        """Add a file's text to the prompt."""
        composer = self._screen.composer
        if not argument:
            self._screen.toasts.notice("Write /attach and a path, or @path in the prompt.")
        if not argument or not self._attach(lambda: with_file(composer.text, path_from(argument))):
            self._screen.prompting.offer_command("attach", argument)

    def attach_named(self) -> bool:
        """Add the files that the prompt names by ``@path``, so that they are seen before they go.

        Returns:
            Whether there was one; then the prompt is not to be sent yet.
        """
        if self._screen.composer.text == self._with_files:
            return False  # what the files name by @ is none of the user's words
        names: list[str] = []

        def attached() -> str:
            text, found = with_named_files(self._screen.composer.text)
            names.extend(found)
            return text

        if not self._attach(attached):
            return True
        if names:
            said = f"{', '.join(names)} stands below the prompt now; Enter sends it."
            self._screen.toasts.notice(said)
            self._with_files = self._screen.composer.text
        return bool(names)

    def _attach(self, attached: Callable[[], str]) -> bool:
        composer = self._screen.composer
        try:
            text = attached()
        except StorageError as error:
            said = f"Nothing is attached: {error.facts.detail}."
            self._screen.toasts.notice(said, severity="warning")
            return False
        if text != composer.text:
            composer.text = text
        return True
