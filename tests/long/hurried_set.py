"""A set of 200 prompts over three models in a process of its own, by a clock that hurries.

Server and client share the clock, though they are two processes: it is the machine's, thirty
times as fast, so that what the free plan's limits stretch over minutes takes seconds.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import aclosing

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.turns.chat import Answered, Sending
from groqchat.services.prompt_sets.events import ModelEnded
from tests.services.prompt_sets.test_prompt_sets import begun, prompts_of

PROMPTS = 200
BEGAN = "HURRIED_SET_BEGAN"
_TIMES_AS_FAST = 30
_START = 1_791_000_000.0


class HurriedClock:
    """Time since a moment of the machine's clock, thirty times as fast."""

    def __init__(self, began: float) -> None:
        self._began = began

    def now(self) -> float:
        return _START + (time.time() - self._began) * _TIMES_AS_FAST

    def monotonic(self) -> float:
        return self.now()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / _TIMES_AS_FAST)

    def advance(self, seconds: float) -> None:
        raise NotImplementedError(seconds)


async def main() -> None:
    """Ask what is still to be asked; say each request and answer as soon as it is told."""
    async with open_services(Launch()) as services:
        clock = HurriedClock(float(os.environ[BEGAN]))
        connection, run = await begun(services, clock, prompts_of(PROMPTS))
        try:
            async with aclosing(run.ask()) as events:
                async for event in events:
                    if isinstance(event, ModelEnded):
                        print("ended", event.model, event.error, flush=True)
                    elif isinstance(event.event, Sending | Answered):
                        what = type(event.event).__name__.lower()
                        print(what, event.model, event.prompt.id, flush=True)
        finally:
            await connection.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
