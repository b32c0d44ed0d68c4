"""The warning of keys, tokens and other secrets in what a session sends with every prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import in_words
from groqchat.domain.text.redact import secrets_in

if TYPE_CHECKING:
    from groqchat.ui.widgets.toasts import Notify


def warn_of_secrets(notify: Notify, text: str, name: str, command: str) -> None:
    """Warn that a text contains secrets, if it does.

    Args:
        notify: Shows the warning.
        text: The text.
        name: Its name, with an article and a capital letter.
        command: The command that removes it.
    """
    if found := secrets_in(text):
        said = f"{name} contains {in_words(found)}; the server will read it. {command} removes it."
        notify(said, severity="warning")
