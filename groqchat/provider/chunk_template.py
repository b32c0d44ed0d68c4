"""Recognises chunks that differ from an earlier chunk only in their text.

Nearly all chunks of an answer do. To find the text between a known beginning and a known end costs
a third of parsing the JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.provider import fields

if TYPE_CHECKING:
    from typing import Self

# Groq sends `reasoning`; gateways in front of other models send `reasoning_content`.
TEXT_FIELDS = ("reasoning", "reasoning_content", "content")
"""The fields of a delta that may hold text."""
_PROBE = b"probe"


@dataclass(frozen=True, slots=True)
class ChunkTemplate:
    """The bytes before and after the text of a chunk, and the name of the text's field."""

    field: str
    head: bytes
    tail: bytes

    @classmethod
    def of(cls, data: bytes, delta: dict[str, object]) -> Self | None:
        """The template of a chunk, or None where the text cannot be located for certain.

        Args:
            data: The chunk's JSON.
            delta: The delta in that JSON.
        """
        for field in TEXT_FIELDS:
            head, mark, after = data.partition(b'"%b":"' % field.encode())
            text, quote, tail = after.partition(b'"')
            if text and text.decode("utf-8", "replace") == delta.get(field):
                template = cls(field, head + mark, quote + tail)
                return template if template._is_unambiguous(delta) else None
        return None

    def text_of(self, data: bytes) -> str | None:
        """The text of a chunk that matches this template; None for any other."""
        if not (data.startswith(self.head) and data.endswith(self.tail)):
            return None
        text = data[len(self.head) : -len(self.tail)].decode("utf-8", "replace")
        if '"' in text or "\\" in text:
            return _unescaped(text)
        return text

    def _is_unambiguous(self, delta: dict[str, object]) -> bool:
        """Whether a text put into the template is read back from its field, and from no other."""
        cast = json.loads((self.head + _PROBE + self.tail).decode("utf-8", "replace"))
        delta = cast["choices"][0]["delta"]
        said = {name: delta[name] for name in TEXT_FIELDS if delta.get(name)}
        return said == {self.field: _PROBE.decode()}


def _unescaped(text: str) -> str | None:
    """The value of a JSON string without its quotes; None where it is not one whole string."""
    try:
        spelled: str = json.loads(f'"{text}"')
    except ValueError:
        return None
    return fields.whole_characters(spelled)
