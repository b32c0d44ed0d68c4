"""The facts that are remembered from one start of the program to the next."""

from __future__ import annotations

from typing import NamedTuple


class LastRun(NamedTuple):
    """The facts.

    Attributes:
        version: The version whose chat ran last; empty before the first one.
        has_seen_tour: Whether the tour was shown.
        is_light: Whether the background of the terminal was light when it was told last.
    """

    version: str = ""
    has_seen_tour: bool = False
    is_light: bool = False
