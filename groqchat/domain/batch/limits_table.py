"""Reads the limits of a batch from the catalogue's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.domain.batch.parts import MEGABYTE, BatchLimits
from groqchat.domain.models.tables import Table, read_sources

if TYPE_CHECKING:
    from collections.abc import Mapping


def parse_batch_limits(tables: Mapping[str, Any]) -> BatchLimits:
    """Build the limits from the tables ``sources`` and ``batch``.

    Raises:
        ValueError: A figure is missing, misspelt or of the wrong type; the message names the place.
    """
    root = Table("", tables)
    root.allow("sources", "batch")
    table = root.table("batch")
    table.allow("lines", "megabytes", "windows", "note", "source")
    origin = table.source(read_sources(root))
    lines, megabytes, windows = (
        table.count("lines"),
        table.count("megabytes"),
        table.words("windows"),
    )
    if lines is None or megabytes is None or not windows:
        raise ValueError("batch: lines, megabytes and windows are required")
    return BatchLimits(
        lines, megabytes * MEGABYTE, windows, table.text("note"), origin.source, origin.as_of
    )
