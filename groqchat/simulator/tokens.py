"""The one tokenizer: everything the simulator counts, it counts with this."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# About four characters of English prose or code make one token; an ideograph is one of its own.
# Cutting a text at the end of a token never changes the tokens before the cut.
_TOKEN = re.compile(
    r" ?[^\W\d_\u2e80-\U0010ffff]{1,10}| ?\d{1,3}|\n\s*| {2,}| ?[^\w\s\u2e80-\U0010ffff]{1,4}|.",
    re.DOTALL,
)
# Groq counts an image of a vision model as this many tokens (vision docs).
TOKENS_PER_IMAGE = 2048


def tokenize(text: str) -> list[str]:
    """Split a text into its tokens; joined they are the text again."""
    return _TOKEN.findall(text)


def tokenize_prompt(messages: Iterable[Mapping[str, object]]) -> list[str]:
    """All tokens of a conversation: four of framing for each message, and its content."""
    tokens: list[str] = []
    for message in messages:
        tokens += ("<start>", str(message.get("role")), "<message>")
        tokens += _content_tokens(message.get("content"))
        if calls := message.get("tool_calls"):
            tokens += tokenize(str(calls))
        tokens.append("<end>")
    return tokens


def text_of(content: object) -> str:
    """The text of a message's content, whether it is a string or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(
        str(part.get("text", ""))
        for part in parts
        if isinstance(part, dict) and part.get("type") == "text"
    )


def _content_tokens(content: object) -> list[str]:
    tokens = tokenize(text_of(content))
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict) and part.get("type") == "image_url":
            digest = hashlib.sha256(repr(part).encode()).hexdigest()[:8]
            tokens += [f"<image {digest}>"] * TOKENS_PER_IMAGE
    return tokens
