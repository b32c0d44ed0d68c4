"""Finds the error object in whatever a server sent, and makes its words fit to be shown."""

from __future__ import annotations

import json
from dataclasses import dataclass

from groqchat.domain.text.redact import redact
from groqchat.domain.text.sanitize import sanitize

LONGEST_DETAIL = 300
"""Characters of a server's words that a person is shown."""
LONGEST_NAME = 80
LONGEST_QUOTE = 2_000
"""Characters that are kept of what a model generated in vain."""
_LONGEST_MESSAGE = 2_000  # What a sign of the cause may stand in; keeps hostile bodies cheap.
_DEEPEST = 5  # Levels of wrapping that gateways put around an error object.
_MESSAGES = ("message", "detail", "error_description", "title")


@dataclass(frozen=True, slots=True)
class RefusalBody:
    """The error object of an answer, read from any of its known shapes.

    ``status`` is the status inside the object, which errors in streams and of gateways have.
    ``failed_generation`` is what a model said that was refused; it is no sign of anything.
    """

    message: str = ""
    type: str | None = None
    code: str | None = None
    param: str | None = None
    status: int | None = None
    is_html: bool = False
    failed_generation: str = ""


def read_refusal(body: object) -> RefusalBody:
    """Find the error object in a body.

    Args:
        body: JSON as text or bytes, or parsed, whole or the inner object only; a list of them;
            prose; HTML; anything.
    """
    if isinstance(body, bytes | bytearray):
        body = body.decode("utf-8", "replace")
    if isinstance(body, str):
        text = body.strip("\ufeff \t\r\n")
        if text.startswith("<"):
            return RefusalBody(is_html=True)
        body = _parsed(text)
    inner = _unwrapped(body)
    if isinstance(inner, str):
        return RefusalBody(message=inner[:_LONGEST_MESSAGE])
    if not isinstance(inner, dict):
        return RefusalBody()
    message = next((found for name in _MESSAGES if (found := _text(inner.get(name)))), "")
    return RefusalBody(
        message=message[:_LONGEST_MESSAGE],
        type=_text(inner.get("type")),
        code=_text(inner.get("code")),
        param=_text(inner.get("param")),
        status=_status(inner.get("status_code")) or _status(inner.get("code")),
        failed_generation=(_text(inner.get("failed_generation")) or "")[: 2 * LONGEST_QUOTE],
    )


def shown(words: str, longest: int = LONGEST_DETAIL) -> str:
    """A server's message made fit to be shown: clean, redacted, one line, not too long.

    Invisible characters go first, so that they cannot hide a secret from its pattern; a final
    full stop goes too, since the words are put into sentences.
    """
    clean = " ".join(sanitize(words[:_LONGEST_MESSAGE]).split())
    line = redact(clean).removesuffix(".")
    return line if len(line) <= longest else line[: longest - 1] + "…"


def shown_name(text: str | None) -> str | None:
    """A short name that a server gave (a code, a field, an id) as a person may see it."""
    return shown(text, LONGEST_NAME) or None if text else None


def quoted(words: str) -> str:
    """A model's text made fit to be shown: clean and redacted, with its line breaks."""
    text = redact(sanitize(words)).strip()
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def _parsed(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _unwrapped(body: object) -> object:
    """The innermost error object; gateways wrap it, some in a list."""
    for _ in range(_DEEPEST):
        if isinstance(body, list) and body:
            body = body[0]
        elif isinstance(body, dict) and (inner := body.get("error") or body.get("errors")):
            body = inner
        else:
            break
    return body


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _status(value: object) -> int | None:
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and 400 <= value < 600 else None
