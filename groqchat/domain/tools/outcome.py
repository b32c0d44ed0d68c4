"""How the call of a tool ended."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a call ended, as the message with its result keeps it in ``finish_reason``.

    DENIED was refused by the user, and REFUSED by us: unknown tools, arguments that are no JSON
    object, too many rounds.
    """

    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"
    REFUSED = "refused"
