"""Which kinds of sessions there are."""

from __future__ import annotations

from enum import StrEnum


class SessionKind(StrEnum):
    """What a session was made by, which decides how it is shown."""

    CHAT = "chat"
    COMPARISON = "comparison"
    SET = "set"
