"""Keep foreign text from driving the terminal."""

from __future__ import annotations

import re
from typing import Final

_LINE_BREAKS: Final = "\x0b\x0c\x85\u2028\u2029"
_HOSTILE: Final = (
    "\x00-\x08\x0d-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 controls but tab and the line breaks
    "\xad\u180e\u200b\u2060\ufeff"  # invisible; terminals disagree about their width
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional overrides and marks
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # interlinear and tag characters
)
_SURROGATES: Final = "\ud800-\udfff"
_SUSPECT: Final = re.compile(f"[{_LINE_BREAKS}{_HOSTILE}{_SURROGATES}]")


def sanitize(text: str) -> str:
    r"""Make text harmless to print: every character decided by itself, so pieces may come apart.

    Exotic line breaks become ``\n``, lone surrogates become U+FFFD; control characters (with
    them every escape sequence), carriage returns, bidirectional overrides and invisible
    characters are dropped. Tab, newline, the joiners and variation selectors that emoji and
    Indic scripts need are kept.

    Args:
        text: Anything, also one chunk of a stream: ``sanitize(a) + sanitize(b)`` is
            ``sanitize(a + b)``.

    Returns:
        The text without anything a terminal would obey.
    """
    if _SUSPECT.search(text) is None:
        return text
    return _SUSPECT.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    character = match[0]
    if character in _LINE_BREAKS:
        return "\n"
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""
