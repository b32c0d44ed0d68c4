"""Tables: reading their rows and dividing the width among their columns."""

from __future__ import annotations

import re

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_BAR = re.compile(r"(?<!\\)\|")

_WORD = 10
"""Words up to this width are not broken if that can be helped."""


def cells(row: str) -> list[str]:
    r"""The cells of a row; ``\|`` is a bar within a cell."""
    parts = [part.replace("\\|", "|").strip() for part in _BAR.split(row.strip())]
    if parts and not parts[0]:
        parts.pop(0)
    if parts and not parts[-1]:
        parts.pop()
    return parts


def fitted(row: str, columns: int) -> list[str]:
    """The cells of a row, as many as there are columns; the last one takes what is too much."""
    found = cells(row)
    if len(found) > columns:
        return [*found[: columns - 1], " | ".join(found[columns - 1 :])]
    return found + [""] * (columns - len(found))


def is_delimiter(line: str) -> bool:
    """Whether a line is the row of dashes below the heads."""
    return not line.startswith(("- ", "-\t")) and _DELIMITER.match(line) is not None


def aligns(delimiter: str) -> tuple[str, ...]:
    """The alignment of each column: ``"<"``, ``">"`` or ``"^"``."""
    return tuple(_align(cell) for cell in cells(delimiter))


def _align(dashes: str) -> str:
    if dashes.endswith(":"):
        return "^" if dashes.startswith(":") else ">"
    return "<"


def shares(wanted: list[int], words: list[int], total: int) -> list[int]:
    """Divide a width among columns: first room for their longest words, then equal parts.

    Args:
        wanted: Cells each column would take.
        words: Cells the longest word of each column takes.
        total: Cells there are for all of them, at least as many as columns.

    Returns:
        A width of at least 1 for each column, no more than it wants, together no more than
        `total`.
    """
    fair = total // len(wanted)
    least = [max(1, min(word, max(fair, _WORD))) for word in words]
    if sum(least) > total:
        least = [1] * len(wanted)
    more = _poured([want - have for want, have in zip(wanted, least, strict=True)], total, least)
    return [have + extra for have, extra in zip(least, more, strict=True)]


def _poured(wanted: list[int], total: int, least: list[int]) -> list[int]:
    """The rest of the width, shared evenly: columns that need less get all they need first."""
    poured = [0] * len(wanted)
    left = total - sum(least)
    for rank, column in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        poured[column] = max(0, min(wanted[column], left // (len(wanted) - rank)))
        left -= poured[column]
    return poured
