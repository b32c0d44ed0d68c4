"""The redaction of secrets and account names in a text, by their shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.text.secret_formats import SecretFormat

_KEY = re.compile(r"gsk_[A-Za-z0-9]{20,}")
# Long, and with a digit in it, so that no words with hyphens are taken for one.
_KEY_OF_OTHERS = re.compile(r"\bsk-(?=[A-Za-z_\-]*\d)[A-Za-z0-9_\-]{20,}")
# Every secret of the catalogue has so long a part without spaces, and few other words do.
_LONG = re.compile(r"[A-Za-z0-9_+/-]{20}")
_SECRETS = (
    (re.compile(r"gsk_[A-Za-z0-9_\-]{5,}"), "gsk_…"),
    # What other vendors, whose endpoints may stand in, call a key; they mask some of it themselves.
    (re.compile(r"\bsk-[A-Za-z0-9_\-*]{5,}"), "sk-…"),
    (re.compile(r"(?i)\bbearer\s+[^\s\"',;]+"), "Bearer …"),
    (re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?)(?!bearer)[^\s'\",;]+"), r"\1…"),
    (re.compile(r"org_[A-Za-z0-9]{6,}"), "org_…"),
    (re.compile(r"\borg-[A-Za-z0-9]{6,}"), "org-…"),
)
# Each of those has one of these in it; a line of the log has two dozen texts, mostly none.
_SUSPECT = re.compile(r"(?i)gsk_|sk-|bearer|authorization|org[_-]")


def holds_key(text: str) -> bool:
    """True if something in a text looks like an API key of Groq's."""
    return _KEY.search(text) is not None


def _formats_for(text: str) -> Sequence[SecretFormat]:
    """The formats of secrets that a text may contain; they are read once one may."""
    if _LONG.search(text) is None:
        return ()
    from groqchat.domain.text.secret_formats import secret_formats  # reads a file

    return secret_formats()


def secrets_in(text: str) -> tuple[str, ...]:
    """The kinds of secrets that a text contains, each once, in words with an article.

    >>> secrets_in("Nothing but words.")
    ()
    """
    names = [each.name for each in _formats_for(text) if each.is_in(text)]
    return tuple(dict.fromkeys(["an API key"] * holds_key(text) + names))


def without_keys(text: str) -> str:
    """A text with a mark in the place of every key and every other secret of a known format."""
    pattern, mark = _SECRETS[0]
    text = pattern.sub(mark, text)
    for each in _formats_for(text):
        text = each.masked(text)
    return _KEY_OF_OTHERS.sub("sk-…", text)


def redact(text: str) -> str:
    """Replace secrets, bearer headers and organisation ids by marks of the same kind."""
    text = without_keys(text)
    if _SUSPECT.search(text) is not None:
        for pattern, mark in _SECRETS:
            text = pattern.sub(mark, text)
    return text


_PREFIX = re.compile(r"[a-z]{2,3}[_-]")
_SHORTEST_KEY = 12  # below it, four characters would be too much of it


def masked(key: str) -> str:
    """A key as it may be shown: its prefix and its last four characters."""
    prefix = _PREFIX.match(key)
    shown = prefix[0] if prefix else ""
    return f"{shown}…{key[-4:]}" if len(key) >= _SHORTEST_KEY else f"{shown}…"
