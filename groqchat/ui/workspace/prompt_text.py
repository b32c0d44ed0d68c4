"""Texts that commands put into the composer, such as a command that was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.commands import BY_ID

if TYPE_CHECKING:
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.toasts import Notify


class PromptText:
    """The text of the composer, as commands write to it.

    Args:
        area: The text area of the composer.
        notify: Shows a notice.
    """

    def __init__(self, area: PromptArea, notify: Notify) -> None:
        self._area = area
        self._notify = notify

    def offer(self, text: str) -> None:
        """Put a text into the composer, unless something is being written there."""
        if text and not self._area.text:
            self._area.write(text)

    def put_before(self, text: str) -> None:
        """Put a text into the composer, before what is written there."""
        self._area.write("\n\n".join(filter(None, (text, self._area.text))))

    def offer_command(self, command_id: str, argument: str = "") -> None:
        """Put a command into the composer, to be changed; a prompt that failed makes way."""
        self._area.given_back.make_way()
        self.offer(f"/{BY_ID[command_id].slash} {argument}")

    def give_command_back(self, command_id: str, argument: str) -> None:
        """Put the words of a command that was not run into the composer again."""
        if argument:
            self.offer_command(command_id, argument)

    def refuse(self, sentence: str, command_id: str, argument: str = "") -> None:
        """Say why a command was not run, and give its words back, to be changed."""
        self._notify(sentence, severity="warning")
        self.give_command_back(command_id, argument)
