"""The profiles of stored keys, without the keys themselves."""

from __future__ import annotations

from dataclasses import dataclass

from groqchat.domain.text.redact import holds_key


@dataclass(frozen=True, slots=True)
class Profile:
    """The entry of a named key in the index; the key itself is in the keyring.

    ``created`` and ``last_checked`` are Unix times; ``status`` is the outcome of the last check,
    empty before the first. ``organisation`` is the user's own word for it, not Groq's id.
    ``masked`` is the key as it may be shown, so that a list need not ask the keyring for each.
    """

    name: str
    created: float
    last_checked: float | None = None
    status: str = ""
    organisation: str = ""
    masked: str = ""


def refuse_key_as_name(*names: str) -> None:
    """Refuse names that hold a key, since names are shown everywhere.

    Raises:
        ValueError: One of them holds a key; the message is for the user.
    """
    if any(map(holds_key, names)):
        raise ValueError("a name that holds an API key is shown everywhere: choose another")
