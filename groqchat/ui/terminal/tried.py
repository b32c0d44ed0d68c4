"""The versions of Textual with which groqchat was tried, known without importing it."""

from __future__ import annotations

TRIED = frozenset({"8.2.8"})
"""The versions of Textual whose private names were looked at."""


def untried_notice(version: str) -> str:
    """A sentence about a version of Textual that was not tried; empty for one that was."""
    if version in TRIED:
        return ""
    return (
        f"Textual {version} was not tried with groqchat: painting, pasting and undo are Textual's "
        f"own. Tried: {', '.join(sorted(TRIED))}."
    )
