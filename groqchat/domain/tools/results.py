"""The results of tools as a model is told them: clean, and no longer than there is room for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count
from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.tools.tool import ToolResult

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from groqchat.domain.tools.tool import ToolCall

DENIED = "The user did not allow this call."
"""The result of a call that was denied."""
CHANGED = "Its description or its arguments have changed since you approved it."
"""The reason why a tool that was approved for good is asked about again."""
NOT_AN_OBJECT = "Not run: the arguments are no JSON object."
"""The result of a call whose arguments cannot be read."""
NOTHING = "(empty)"
"""The result of a tool that gave nothing."""
_MOST_NAMES = 20


def arguments_of(call: ToolCall) -> Mapping[str, object] | None:
    """The arguments of a call; None where they are no JSON object. Some models send ``null``."""
    try:
        value = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return None
    if value is None:
        return {}
    return value if isinstance(value, dict) else None


def unknown_tool(name: str, known: Collection[str]) -> str:
    """The result of a call of a tool that was not offered."""
    some = ", ".join(sorted(known)[:_MOST_NAMES]) or "none"
    return f"Not run: no tool is called {name[:100]}. There are: {some}."


def fitting(result: ToolResult, most: int, tokens_of: Callable[[str], float]) -> ToolResult:
    """A result without control characters, cut where it is too long, which its text then says.

    Args:
        result: What the tool gave.
        most: The tokens that the text may have.
        tokens_of: Estimates the tokens of a text.
    """
    text = sanitize(result.text).strip() or NOTHING
    tokens = tokens_of(text)
    if tokens <= most:
        return ToolResult(text, result.is_error, result.truncated_from)
    whole = result.truncated_from or len(text)
    kept = text[: int(len(text) * most / tokens)].rstrip()
    note = f"[cut: the first {count(len(kept))} of {count(whole)} characters]"
    return ToolResult(f"{kept}\n{note}", result.is_error, whole)
