"""Ctrl+C in a comparison: the results so far are printed before the program ends."""

from __future__ import annotations

import asyncio


def uncancel_after_interrupt() -> None:
    """Let the task that Ctrl+C has cancelled go on; a second Ctrl+C ends it at once."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
