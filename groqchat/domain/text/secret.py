"""An API key in a wrapper that never shows it by accident."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from groqchat.domain.text.redact import holds_key, masked

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_VARIABLE = "GROQ_API_KEY"


def without_keys(environment: Mapping[str, str]) -> dict[str, str]:
    """A copy of an environment without our keys, for other programs."""
    return {
        name: value
        for name, value in environment.items()
        if name != KEY_VARIABLE and not holds_key(value)
    }


class Secret:
    """A key, stripped of surrounding white space, which only :meth:`reveal` returns.

    Neither ``repr`` nor ``str`` hold it, so that logs, messages and tracebacks cannot either.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value.strip()

    def reveal(self) -> str:
        """The key itself, for code that sends or stores it."""
        return self._value

    @property
    def masked(self) -> str:
        """The key with all but its ends hidden, fit to be shown."""
        return masked(self._value)

    @property
    def flaw(self) -> str | None:
        """The reason why the key cannot be sent in a header, in words; None if it can."""
        if any(character.isspace() for character in self._value):
            return "there is white space inside"
        if not self._value.isascii():
            return "there are characters outside ASCII"
        if not self._value.isprintable():
            return "there are control characters"
        return None

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(gsk_…)"


def fingerprint(secret: Secret) -> str:
    """A digest that tells accounts apart in the ledger without giving the key away."""
    key = secret.reveal().encode("utf-8", "replace")
    # The same key hashed by any other program for any other purpose looks different.
    return hashlib.blake2b(key, digest_size=16, person=b"groqchat account").hexdigest()
