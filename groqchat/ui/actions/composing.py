"""Commands about the text in the composer: earlier prompts, editor, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors import StorageError
from groqchat.ui.files import path_from, read_text

if TYPE_CHECKING:
    from groqchat.ui.chat_screen import ChatScreen


class ComposingActions:
    """Acts on the composer."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._recalled = -1

    async def recall(self, step: int) -> None:
        """Go through the prompts sent before."""
        prompts = await self._screen.parts.drafts.prompts()
        composer = self._screen.composer
        if not composer.area.is_recalling:
            self._recalled = -1
        self._recalled = max(-1, min(len(prompts) - 1, self._recalled + step))
        composer.recall(prompts[self._recalled] if self._recalled >= 0 else "")

    async def do_history(self, _: str) -> None:
        """Find a prompt sent before."""
        from groqchat.ui.screens.history import PromptHistory

        prompts = self._screen.parts.drafts.prompts
        chosen = await self._screen.app.push_screen_wait(PromptHistory(prompts))
        if chosen:
            self._screen.composer.recall(chosen)
        self._screen.composer.area.focus()

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
        path = path_from(argument)
        try:
            text = read_text(path)
        except StorageError as error:
            said = f"Nothing is attached: {error.facts.detail}."
            self._screen.toasts.notice(said, severity="warning")
            return
        composer = self._screen.composer
        composer.text = f"{composer.text.rstrip()}\n\n{path.name}:\n```\n{text}\n```\n".lstrip()
