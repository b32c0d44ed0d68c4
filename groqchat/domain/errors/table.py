"""The table of failures: what each means, what to do about it, and whether waiting helps."""

from __future__ import annotations

from groqchat.domain.errors.answer_causes import ANSWER_CAUSES
from groqchat.domain.errors.audio_causes import AUDIO_CAUSES
from groqchat.domain.errors.cause import Action, Cause, ErrorKind, Retry
from groqchat.domain.errors.local_causes import LOCAL_CAUSES
from groqchat.domain.errors.mcp_causes import MCP_CAUSES
from groqchat.domain.errors.server_causes import SERVER_CAUSES
from groqchat.domain.errors.team_causes import TEAM_CAUSES
from groqchat.domain.errors.tree import Facts, GroqchatError
from groqchat.domain.errors.web_causes import WEB_CAUSES

__all__ = ["CAUSES", "Action", "Cause", "Retry", "failure"]

CAUSES: dict[str, Cause] = {
    cause.name: cause
    for cause in (
        *SERVER_CAUSES,
        *ANSWER_CAUSES,
        *LOCAL_CAUSES,
        *AUDIO_CAUSES,
        *MCP_CAUSES,
        *TEAM_CAUSES,
        *WEB_CAUSES,
    )
}

_CLASSES: dict[ErrorKind, type[GroqchatError]] = {
    cls.kind: cls for cls in GroqchatError.__subclasses__()
}


def failure(name: str, facts: Facts | None = None, /, **known: object) -> GroqchatError:
    """Create the error for a cause; its class follows from the cause's kind.

    Args:
        name: The name of the cause, a key of ``CAUSES``.
        facts: All facts of the error; else give single ones as keywords.
        known: Fields of :class:`~groqchat.domain.errors.tree.Facts`.
    """
    cause = CAUSES[name]
    return _CLASSES[cause.kind](cause, facts or Facts(**known))  # type: ignore[arg-type]  # names are the dataclass's own
