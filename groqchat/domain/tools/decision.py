"""What a user says to a call of a tool."""

from enum import StrEnum


class Decision(StrEnum):
    """Whether a call may run: this one alone, all of its tool in the session, always, or not."""

    ONCE = "once"
    SESSION = "session"
    ALWAYS = "always"
    DENY = "deny"
