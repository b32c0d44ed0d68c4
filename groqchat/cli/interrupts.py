"""Ctrl+C in a comparison: what is there by then is told before the program ends."""

from __future__ import annotations

import asyncio


def go_on_after_interrupt() -> None:
    """Let the task that Ctrl+C has cancelled come to its own end; once more ends it at once."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
