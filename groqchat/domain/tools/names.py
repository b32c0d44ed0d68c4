"""Names of foreign tools as a model may call them."""

from __future__ import annotations

import hashlib
import re
from typing import Final

# The longest name that Groq's SDK 1.7 documents, of letters, digits, `_` and `-`.
LONGEST_NAME: Final = 64
# The most tools that the same SDK documents for one request.
MOST_TOOLS: Final = 128

_BETWEEN: Final = "__"
_FORBIDDEN: Final = re.compile(r"[^A-Za-z0-9_-]")
_HASH_DIGITS: Final = 8


def sent_name(source: str, name: str) -> str:
    """The name of a tool for the model: ``source__name``, which no other source can have.

    A name that has to be changed or cut ends in a hash of the original, so that two tools of one
    server stay apart, and a tool keeps its name whatever else its server offers.

    Args:
        source: The name of the server, at most 32 of the allowed characters, without ``__``.
        name: The server's own name of the tool.
    """
    plain = f"{source}{_BETWEEN}{_FORBIDDEN.sub('_', name)}"
    if len(plain) <= LONGEST_NAME and not _FORBIDDEN.search(name):
        return plain
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
    return f"{plain[: LONGEST_NAME - _HASH_DIGITS - 1]}_{digest}"
