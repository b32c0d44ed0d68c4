"""Patterns of file names that the shell has left as they are, as those of Windows do."""

from __future__ import annotations

import re
from glob import glob
from pathlib import Path

from groqchat.cli.failures import MisuseError

ADDRESS = re.compile(r"https?://", re.IGNORECASE)
"""How the address of a page begins."""
_SIGNS = frozenset("*?[")


def matching(word: str) -> list[str]:
    """The files that a word names: itself, or those of its pattern in alphabetical order.

    Args:
        word: A path, an address, or a pattern with ``*``, ``?``, ``[…]`` or ``**``; a file whose
            name looks like a pattern is itself.

    Raises:
        MisuseError: No file matches the pattern.
    """
    if _SIGNS.isdisjoint(word) or ADDRESS.match(word) or Path(word).exists():
        return [word]
    # Not Path.glob, which takes no pattern from the root.
    found = sorted(path for path in glob(word, recursive=True) if Path(path).is_file())  # noqa: PTH207
    if not found:
        raise MisuseError(f"no file matches {word}")
    return found
