"""When an app has nothing left to do, told by its event loop and its threads.

Textual's own ``wait_for_idle`` compares the time of the processor with the clock: it waits long
where a server runs in the same process, and not long enough where the machine is busy with others.
"""

from __future__ import annotations

import asyncio
from asyncio.base_events import BaseEventLoop

from textual.pilot import Pilot

from groqchat.storage.database.database import Database

# How long Textual pauses between two repaints here, in seconds, which is else a sixtieth.
FRAME_S = 0.004
# A timer that is due within this time, in seconds, is waited for: a repaint comes after up to two
# frames, and those of animations are still a sixtieth.
SOON_S = 2 / 60 + 0.001
# How often a loop without anything to do is given the turn, before that is believed: in each of
# them its selector tells what came through sockets and from threads.
TURNS = 3


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
        patch.setattr("textual.screen.UPDATE_PERIOD", FRAME_S)
        # It posts a message to each widget, and waits until all of them are read.
        patch.setattr(Pilot, "_wait_for_screen", lambda _pilot, timeout=30.0: self.wait())

    def _remembering(self, method):
        def remembered(*arguments):
            future = method(*arguments)
            self._handed.add(future)
            future.add_done_callback(self._handed.discard)
            return future

        return remembered

    async def wait(self, min_sleep: float = 0.0, max_sleep: float = 1.0) -> bool:
        """Return once nothing is left to do, or at last after ``max_sleep`` seconds.

        The names are Textual's; there is no shortest sleep.
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + max_sleep
        turns = 0
        while turns < TURNS and (now := loop.time()) < end:
            await asyncio.sleep(0)
            if loop._ready:
                turns = 0
            elif handed := [one for one in self._handed if one.get_loop() is loop]:
                await asyncio.wait(handed, timeout=end - now, return_when=asyncio.FIRST_COMPLETED)
                turns = 0
            elif (due := _next_timer(loop)) < min(now + SOON_S, end):
                await asyncio.sleep(due - now)
                turns = 0
            else:
                turns += 1
        return True


def _next_timer(loop) -> float:
    """When the loop's next timer is due, by the loop's clock."""
    return min((one.when() for one in loop._scheduled if not one.cancelled()), default=float("inf"))
