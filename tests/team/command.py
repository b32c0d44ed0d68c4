"""The command line in a process of its own, in the time of all."""

from __future__ import annotations

import asyncio
import sys

import pytest

from groqchat.cli.main import main
from groqchat.services.account.keys import MemoryKeyStore
from tests.team.shared_time import member_loop
from tests.virtual_time import watch_threads


def run():
    descriptor, *words = sys.argv[1:]
    patch = pytest.MonkeyPatch()
    # Its real thread would have no time at all.
    patch.setattr("groqchat.bootstrap.SystemKeyring", MemoryKeyStore)
    patch.setattr("groqchat.bootstrap.SystemClock", lambda: asyncio.get_running_loop().clock)
    watch_threads(patch)
    loop_factory = member_loop(int(descriptor))

    def in_shared_time(coroutine):
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(coroutine)

    patch.setattr(asyncio, "run", in_shared_time)
    return main(words)


if __name__ == "__main__":
    sys.exit(run())
