"""Runs any asyncio program with a heartbeat in its event loop: ``pulse MODULE ARGUMENTS…``.

Each pause of the loop goes as a line to the file named by ``PULSE_FILE``: when it began
(monotonic), how long it took, and how much of that time the loop's own thread really worked: the
rest went to other threads or other programs.
"""

import asyncio
import os
import runpy
import sys
import time
from pathlib import Path

BEAT_S = 0.002
# A bare app is laid out anew in two milliseconds.
WORTH_TELLING_S = 0.000_3


class Policy(asyncio.DefaultEventLoopPolicy):
    """Gives every new event loop a heartbeat."""

    def new_event_loop(self):
        loop = super().new_event_loop()
        Heart(loop, Path(os.environ["PULSE_FILE"])).beat()
        return loop


class Heart:
    def __init__(self, loop, file):
        self._loop = loop
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._last = time.monotonic(), time.thread_time()

    def beat(self):
        now, worked = time.monotonic(), time.thread_time()
        began, worked_before = self._last
        pause = now - began - BEAT_S
        if pause > WORTH_TELLING_S:
            os.write(self._out, f"{began} {pause} {worked - worked_before}\n".encode())
        self._last = now, worked
        self._loop.call_later(BEAT_S, self.beat)


if __name__ == "__main__":
    asyncio.set_event_loop_policy(Policy())
    _, module, *arguments = sys.argv
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
