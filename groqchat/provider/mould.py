"""Recognises chunks that differ from an earlier one in nothing but their text.

Nearly all chunks of an answer do. Finding the text between a known beginning and a known end costs
a third of parsing the JSON around it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.provider import fields

if TYPE_CHECKING:
    from typing import Self

# Groq says `reasoning`; gateways in front of other models say `reasoning_content`.
TEXT_FIELDS = ("reasoning", "reasoning_content", "content")
"""Where a delta may hold text."""
_PROBE = b"probe"


@dataclass(frozen=True, slots=True)
class Mould:
    """The bytes before and after the text of a chunk, and the name of the text's field."""

    field: str
    head: bytes
    tail: bytes

    @classmethod
    def of(cls, data: bytes, delta: dict[str, object]) -> Self | None:
        """The mould of a chunk, or None where its text cannot be told apart from the rest.

        Args:
            data: The chunk's JSON.
            delta: The same chunk's delta.
        """
        for field in TEXT_FIELDS:
            head, mark, after = data.partition(b'"%b":"' % field.encode())
            text, quote, tail = after.partition(b'"')
            if text and text.decode("utf-8", "replace") == delta.get(field):
                mould = cls(field, head + mark, quote + tail)
                return mould if mould._is_sound(delta) else None
        return None

    def text_of(self, data: bytes) -> str | None:
        """The text of a chunk of the same mould; None for any other."""
        if not (data.startswith(self.head) and data.endswith(self.tail)):
            return None
        text = data[len(self.head) : -len(self.tail)].decode("utf-8", "replace")
        if '"' in text or "\\" in text:
            return _spelled_out(text)
        return text

    def _is_sound(self, delta: dict[str, object]) -> bool:
        """Whether what is poured in comes out in the right place, beside no other text."""
        cast = json.loads((self.head + _PROBE + self.tail).decode("utf-8", "replace"))
        delta = cast["choices"][0]["delta"]
        said = {name: delta[name] for name in TEXT_FIELDS if delta.get(name)}
        return said == {self.field: _PROBE.decode()}


def _spelled_out(text: str) -> str | None:
    """What stands between the quotes of a JSON string; None where that ends before its end."""
    try:
        spelled: str = json.loads(f'"{text}"')
    except ValueError:
        return None
    return fields.whole_characters(spelled)
