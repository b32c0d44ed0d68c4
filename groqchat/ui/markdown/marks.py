"""The marks with which blocks begin and end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from groqchat.ui.markdown.cursor import CODE_INDENT

if TYPE_CHECKING:
    from groqchat.ui.markdown.cursor import Cursor

_FIRST = frozenset(">#`~$\\=-*_+|:0123456789")
"""What a line must begin with to be more than text."""

ATX = re.compile(r"(#{1,6})(?:[ \t]|$)")
FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
SETEXT = re.compile(r"(?:=+|-+)[ \t]*$")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$")
MARKER = re.compile(r"(?:([-+*])|(\d{1,9})([.)]))(?=[ \t]|$)")
FORMULA = {"$$": "$$", "\\[": "\\]"}
"""What alone on a line begins a formula, and what ends it."""


class Fence(NamedTuple):
    """The opening fence of a code block, and how far it was indented."""

    mark: str
    indent: int

    def ends_at(self, cursor: Cursor) -> bool:
        """Whether a line is the closing fence."""
        rest = cursor.rest.rstrip(" \t")
        return (
            cursor.indent < CODE_INDENT
            and rest.startswith(self.mark)
            and not rest.strip(self.mark[0])
        )


def may_begin(cursor: Cursor) -> bool:
    """Whether a block other than a paragraph or indented code may begin on a line."""
    return (
        not cursor.is_blank and cursor.indent < CODE_INDENT and cursor.line[cursor.next] in _FIRST
    )


def title(rest: str) -> str:
    """The text of an ATX heading, without its marks."""
    text = rest.lstrip("#").strip(" \t")
    stem = text.rstrip("#")
    return stem.rstrip(" \t") if not stem or stem[-1] in " \t" else text
