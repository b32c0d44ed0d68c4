"""A tool that a model may call, one call of it, and what came of the call."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as it is offered to a model.

    Attributes:
        source: The name of where it comes from, as in `[mcp.NAME]` of the settings.
        name: The name that the source knows.
        sent_name: The name that the model knows, unlike that of any other tool.
        description: What the source says of it, which nobody has checked.
        parameters: The JSON Schema of its arguments, in the form that is sent.
        fingerprint: Changes whenever the source changes the tool (`fingerprint_of`).
    """

    source: str
    name: str
    sent_name: str
    description: str
    parameters: Mapping[str, object]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that a model asks for.

    ``id`` is the server's, ``name`` the tool's as it was sent, and ``arguments`` the text that the
    server sent, which should be a JSON object and need not be one.
    """

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a call gave.

    ``is_error`` says that the tool failed, or was not run. ``truncated_from`` is the length of the
    whole text in characters, where a part of it was left out; else None.
    """

    text: str
    is_error: bool = False
    truncated_from: int | None = None


def fingerprint_of(
    source: str, name: str, description: str, parameters: Mapping[str, object]
) -> str:
    """A hash of all that an approval was given for: SHA-256, as hexadecimal digits.

    Args:
        source: The name of where the tool comes from.
        name: The name that the source knows.
        description: What the source says of it.
        parameters: The JSON Schema of its arguments, as the source gives it.
    """
    told = json.dumps([source, name, description, parameters], sort_keys=True, default=str)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
