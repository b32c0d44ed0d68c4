"""Reads the whole items of a JSON list that is broken or cut off."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BETWEEN = re.compile(r"[\s,]*")
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
# Each search for the next item may read the rest of the file.
_MOST_SEARCHES = 1_000


class Part(NamedTuple):
    """An item of a list, or (``reason``) a stretch that cannot be read; offsets are characters."""

    start: int
    value: object = None
    reason: str = ""


def parts_of_broken_list(text: str) -> Iterator[Part]:
    """The items of a list that is no JSON as a whole, and the stretches between them.

    Behind a broken item, inner objects of it may be told as items; what they are has to be checked.

    Args:
        text: The file, which begins with a bracket.
    """
    decoder = json.JSONDecoder()
    at = text.index("[") + 1
    searches = 0
    while True:
        at = _after_match(_BETWEEN.match(text, at), at)
        if at >= len(text):
            yield Part(at, reason="the file ends before its list does")
            return
        if text[at] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            searches += 1
            if searches == 1:
                yield Part(at, reason=f"this is no JSON: {error}")
            found = _NEXT_ITEM.search(text, at)
            if found is None or searches > _MOST_SEARCHES:
                return
            at = found.end()
            continue
        yield Part(at, value)
        at = end


def _after_match(found: re.Match[str] | None, otherwise: int) -> int:
    return found.end() if found else otherwise
