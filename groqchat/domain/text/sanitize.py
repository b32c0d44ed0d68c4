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
# Sequences of ECMA-48. A string that does not end is none, so that no text is lost; no sequence
# holds the beginning of another one, and each has a longest length, so reading is linear.
_STRINGS: Final = "\x90\x98\x9d-\x9f"
_CONTROL: Final = r"(?:\x1b\[|\x9b)[0-?]{0,100}[ -/]{0,10}"  # such as colours
_STRING: Final = (
    rf"(?:\x1b[P\]X^_]|[{_STRINGS}])[^\n\x07\x1b\x9b\x9c{_STRINGS}]{{0,4000}}"  # such as titles
)
_SEQUENCES: Final = (
    rf"{_CONTROL}[@-~]|{_STRING}(?:\x07|\x1b\\|\x9c)|\x1b[(-/][0-~]"  # the last: character sets
)
_UNFINISHED: Final = re.compile(rf"(?:{_CONTROL}|{_STRING}\x1b?|\x1b[(-/]?)\Z")
_SUSPECT: Final = re.compile(f"{_SEQUENCES}|[{_LINE_BREAKS}{_HOSTILE}{_SURROGATES}]")


def sanitize(text: str) -> str:
    r"""Make text harmless to print.

    Exotic line breaks become ``\n``, lone surrogates become U+FFFD; whole escape sequences, other
    control characters, carriage returns, bidirectional overrides and invisible characters are
    dropped. Tab, newline, the joiners and variation selectors that emoji and Indic scripts need
    are kept.

    Args:
        text: Anything, also one chunk of a stream: ``sanitize(a) + sanitize(b)`` is
            ``sanitize(a + b)``, but for the harmless rest of a sequence that begins in ``a`` and
            ends in ``b``.

    Returns:
        The text without anything a terminal would obey.
    """
    if _SUSPECT.search(text) is None:
        return text
    return _SUSPECT.sub(_harmless, text)


def unfinished(text: str) -> int:
    """Where an escape sequence begins that the text does not end; its length if there is none."""
    if "\x1b" not in text and text.isascii():
        return len(text)
    match = _UNFINISHED.search(text)
    return match.start() if match else len(text)


def _harmless(match: re.Match[str]) -> str:
    character = match[0]
    if len(character) > 1:
        return ""
    if character in _LINE_BREAKS:
        return "\n"
    return "\ufffd" if "\ud800" <= character <= "\udfff" else ""
