"""Asks once before a text that holds an API key is sent to a model."""

from __future__ import annotations

from groqchat.domain.redact import holds_key

# Fits the one line that a comparison has for words.
WARNING = "This holds an API key; /keys enters one. Enter again sends it all the same."


class KeyGuard:
    """Stands before what one composer sends; a text that is sent again is let pass."""

    def __init__(self) -> None:
        self._warned_of = ""

    def warning(self, text: str) -> str | None:
        """What to say instead of sending a text; None where it may be sent."""
        if not holds_key(text) or self._warned_of == text:
            return None
        self._warned_of = text
        return WARNING
