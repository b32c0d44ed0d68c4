"""Labels of sessions: tags as they are written and compared."""

from __future__ import annotations

import re

from groqchat.domain.text.redact import without_keys
from groqchat.domain.text.sanitize import sanitize

LONGEST_TAG, MOST_TAGS = 32, 20
"""The most characters of a tag, and the most tags of a session."""

_NO_PART = re.compile(r"""[\s,"'#]+""")


def tag_from(written: str) -> str:
    """A tag as it is stored: in small letters, with hyphens for spaces; empty for no text.

    >>> tag_from(" #Tax Return ")
    'tax-return'
    """
    words = _NO_PART.sub(" ", sanitize(without_keys(written))).split()
    return "-".join(words).lower()[:LONGEST_TAG].strip("-")


def tags_from(written: str) -> tuple[str, ...]:
    """The tags in a text, which stand between spaces or commas, in order and each once."""
    found = (tag_from(word) for word in re.split(r"[\s,]+", written))
    return tuple(sorted({tag for tag in found if tag}))[:MOST_TAGS]


def changed_tags(before: tuple[str, ...], written: str) -> tuple[str, ...]:
    """The tags after a change: ``+a -b`` adds and removes, a text without signs replaces all.

    >>> changed_tags(("home", "work"), "+tax -home")
    ('tax', 'work')
    """
    words = re.split(r"[\s,]+", written.strip())
    if not any(word[:1] in "+-" for word in words if word):
        return tags_from(written)
    kept = set(before)
    for word in words:
        if tag := tag_from(word.lstrip("+-")):
            (kept.discard if word.startswith("-") else kept.add)(tag)
    return tuple(sorted(kept))[:MOST_TAGS]
