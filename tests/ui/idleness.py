"""When an app has nothing left to do, told by its event loop and its threads.

Textual's own ``wait_for_idle`` compares the time of the processor with the clock: it waits long
where a server runs in the same process, and not long enough where the machine is busy with others.
"""

from __future__ import annotations

import asyncio
from asyncio.base_events import BaseEventLoop

from groqchat.storage.database.database import Database

# The steps in which the loop has to be found idle, in seconds; together they outlast Textual's
# pause between two repaints.
STEP_S = 0.003
IDLE_STEPS = 6


class Idleness:
    """Stands in for ``wait_for_idle``, once it watches what is handed to threads."""

    def __init__(self) -> None:
        self._handed: set[asyncio.Future[object]] = set()

    def watch(self, patch) -> None:
        """Keep in mind what the loop and the database hand to threads."""
        for owner, name in ((BaseEventLoop, "run_in_executor"), (Database, "_submit")):
            patch.setattr(owner, name, self._remembering(getattr(owner, name)))
        for module in ("pilot", "app"):
            patch.setattr(f"textual.{module}.wait_for_idle", self.wait)

    def _remembering(self, method):
        def remembered(*arguments):
            future = method(*arguments)
            self._handed.add(future)
            future.add_done_callback(self._handed.discard)
            return future

        return remembered

    async def wait(self, min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
        """Return once nothing is left to do, or at last after ``max_sleep`` seconds.

        The names are Textual's; the shortest sleep is always that of the steps.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + max_sleep
        idle = 0
        while idle < IDLE_STEPS and loop.time() < end:
            await asyncio.sleep(STEP_S)
            idle = 0 if self._is_busy(loop) else idle + 1

    def _is_busy(self, loop) -> bool:
        return bool(loop._ready) or any(
            not future.done() for future in self._handed if future.get_loop() is loop
        )
