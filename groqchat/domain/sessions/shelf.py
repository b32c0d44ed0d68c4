"""The parts of the saved sessions."""

from __future__ import annotations

from enum import StrEnum


class Shelf(StrEnum):
    """A part of the saved sessions: ``KEPT`` are the listed and the archived ones together."""

    LISTED = "listed"
    ARCHIVED = "archived"
    KEPT = "kept"
