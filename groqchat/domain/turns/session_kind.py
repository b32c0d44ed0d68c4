"""The kinds of sessions."""

from __future__ import annotations

from enum import StrEnum


class SessionKind(StrEnum):
    """The kind of a session, which decides how it is shown."""

    CHAT = "chat"
    COMPARISON = "comparison"
    SET = "set"
