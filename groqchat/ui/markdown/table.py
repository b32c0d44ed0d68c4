"""Tables: reading their rows and dividing the width among their columns."""

from __future__ import annotations

import re

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_BAR = re.compile(r"(?<!\\)\|")


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
    """How each column is aligned: ``"<"``, ``">"`` or ``"^"``."""
    return tuple(_align(cell) for cell in cells(delimiter))


def _align(dashes: str) -> str:
    if dashes.endswith(":"):
        return "^" if dashes.startswith(":") else ">"
    return "<"


def shares(wanted: list[int], total: int) -> list[int]:
    """Divide a width among columns: small ones get what they want, the others equal parts.

    Args:
        wanted: Cells each column would take.
        total: Cells there are for all of them.

    Returns:
        A width of at least 1 for each column; their sum exceeds `total` only for want of room.
    """
    if sum(wanted) <= total:
        return [max(1, want) for want in wanted]
    granted = [0] * len(wanted)
    left = total
    for rank, column in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        granted[column] = max(1, min(wanted[column], left // (len(wanted) - rank)))
        left -= granted[column]
    return granted
