"""Warnings before a text is sent to a model that may not be meant for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.redact import holds_key, secrets_in
from groqchat.ui.slash import doubt_of

if TYPE_CHECKING:
    from collections.abc import Callable

# Each fits the one line that a comparison has for words.
WARNING = "This text contains an API key. Enter again sends it anyway; /keys stores it."
_WARNING = "This text contains {secrets}. Enter again sends it anyway."


def _secret_in(text: str) -> str:
    found = secrets_in(text)
    if len(found) == 1 and holds_key(text):
        return WARNING
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return _WARNING.format(secrets=f"{found[0]}{more}") if found else ""


_LOOKS: tuple[Callable[[str], str], ...] = (doubt_of, _secret_in)


class SendWarning:
    """Warnings about what one composer sends; each is given once for a text."""

    def __init__(self) -> None:
        self._text = ""
        self._warned: set[int] = set()

    def warning(self, text: str) -> str:
        """The sentence to show instead of sending a text; empty where it may be sent."""
        if text != self._text:
            self.forget(text)
        for number, look in enumerate(_LOOKS):
            if number not in self._warned and (warning := look(text)):
                self._warned.add(number)
                return warning
        return ""

    def forget(self, text: str = "") -> None:
        """Forget the warnings that were given, and follow this text from now on."""
        self._text, self._warned = text, set()
