"""The advice on an error in a column of a comparison, where no model can be switched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.text.humanize import countdown
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError

_RAISE_IT = "Raise the budget in the chat with /budget, then ask again with r."
_INSTEAD = {
    "budget_held": "Ask again with r when the others have ended.",
    "budget_short": _RAISE_IT,
    "over_budget": _RAISE_IT,
}


def advice(error: GroqchatError, *, replacement: str | None, has_text: bool) -> str:
    """The advice in words; the keys to retry and to replace stand below it.

    Args:
        error: The error.
        replacement: The model that may take the place of one that is gone.
        has_text: Whether a part of the answer has arrived.
    """
    wait, successor = error.facts.retry_after_s, error.facts.replacement
    match error.kind:
        case ErrorKind.MODEL_GONE if replacement:
            return ""  # the key for it says all
        case ErrorKind.MODEL_GONE if successor:
            return f"{line(successor, 60)}, which would be asked instead, has a column already."
        case ErrorKind.RATE_LIMITED:
            return f"It fits in {countdown(wait)}." if wait is not None else "It may fit soon."
        case ErrorKind.TOO_LARGE:
            return "Ask something shorter, or allow a shorter answer here with o."
        case ErrorKind.STREAM_BROKEN if has_text:
            return "Enter goes on with what arrived."
        case _:
            return _INSTEAD.get(error.cause.name, error.suggestion)
