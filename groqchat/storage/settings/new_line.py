"""The place of a new setting in the file: behind the last of its table, before what comes next.

A comment stays with the line that it stands above, so a setting never lands between a comment and
the table that it describes.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def with_new_line(text: str, table: str, line: str) -> str | None:
    """A file with one more line in a table.

    Args:
        text: The file, which is valid TOML.
        table: The name of the table, which has a header of its own; empty: the settings before
            any table.
        line: The line: a name and its value.

    Returns:
        None where the table has no header.
    """
    lines = text.removesuffix("\n").split("\n") if text else []  # no other sign ends a line of TOML
    heads = [number for number, each in enumerate(lines) if _is_head(lines[:number], each)]
    begins = 0
    if table:
        found = [number for number in heads if _names(lines[number], table)]
        if not found:
            return None
        begins = found[0]
    ends = next((number for number in heads if number >= begins + bool(table)), len(lines))
    place = _place(lines, begins, ends)
    stands_apart = place == 0 or not lines[place - 1].strip()
    new = [line, ""] if stands_apart and place < len(lines) else [line]
    return "\n".join([*lines[:place], *new, *lines[place:]]) + "\n"


def _place(lines: Sequence[str], begins: int, ends: int) -> int:
    """The number of the line that a new setting goes before, in a table from one to another."""
    behind = ends
    while behind > begins and _is_empty(lines[behind - 1]):
        behind -= 1
    if behind > begins or ends == len(lines):
        return behind if behind > begins else ends
    place = ends  # only comments stand before the first table, the last of them about that
    while place and lines[place - 1].strip():
        place -= 1
    return place


def _is_empty(line: str) -> bool:
    """Whether a line is blank, or a comment alone."""
    return not line.strip() or line.lstrip().startswith("#")


def _is_head(before: Sequence[str], line: str) -> bool:
    """Whether a line begins a table; within a text or a list of several lines, none does."""
    if not line.lstrip().startswith("["):
        return False
    try:
        tomllib.loads("\n".join(before))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _names(head: str, table: str) -> bool:
    """Whether a header is that of a table."""
    return tomllib.loads(head) == {table: {}}
