"""The results of tools as text for a model, bounded and without anything that a terminal obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.tools.tool import ToolResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcp_types import CallToolResult, ContentBlock

# Some 25,000 tokens: more than the free plan takes in a minute.
LONGEST_RESULT: Final = 100_000
EMPTY: Final = "(empty)"


def result_of(given: CallToolResult) -> ToolResult:
    """The result of a call, its parts joined by blank lines.

    What is no text is named by its kind and size. A structured result is left out where there is
    text, since it repeats the text.
    """
    parts = [_text(block) for block in given.content]
    if not any(parts) and given.structured_content is not None:
        parts = [_json(given.structured_content)]
    return bounded("\n\n".join(filter(None, parts)) or EMPTY, is_error=given.is_error is True)


def bounded(text: str, *, is_error: bool) -> ToolResult:
    """A text as the result of a call, cut where it is too long."""
    # Of a huge text only the part is cleaned that is kept.
    kept = sanitize(text[: 2 * LONGEST_RESULT])[:LONGEST_RESULT]
    is_cut = len(text) > 2 * LONGEST_RESULT or len(kept) < len(sanitize(text))
    return ToolResult(kept, is_error, truncated_from=len(text) if is_cut else None)


def _text(block: ContentBlock) -> str:
    match block.type:
        case "text":
            return block.text
        case "resource":
            text = getattr(block.resource, "text", None)
            return text if isinstance(text, str) else f"[resource {block.resource.uri}]"
        case "resource_link":
            return f"[resource {block.uri}]"
        case _:
            size = len(block.data) * 3 // 4  # base64
            return f"[{block.type} {block.mime_type}, {size:,} bytes]"


def _json(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text that are not empty, cleaned."""
    return (line.strip() for line in sanitize(text).splitlines() if line.strip())
