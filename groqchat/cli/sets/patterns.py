"""Searches for patterns within a time limit, since some patterns would take for ever."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.text.secret import without_keys
from groqchat.services.programs import DEATH_S, NEW_GROUP, kill_group

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from groqchat.domain.prompt_sets.checks import Search

LIMIT_S = 5.0
"""How long one search may take."""
_START_S = 60.0
_MOST_DELAYS = 3
_ANSWERS = {b"1\n": True, b"0\n": False}
# Without site-packages it is there in a moment; it needs the standard library only.
COMMAND = (sys.executable, "-I", "-S", str(Path(__file__).with_name("pattern_child.py")))


async def search_all(searches: Iterable[Search]) -> dict[Search, bool]:
    """The results of searches: whether each pattern is in its text.

    A search that was not decided within :data:`LIMIT_S` is left out; a pattern that was undecided
    three times is not searched for any more. A cancelled search ends at once.
    """
    found: dict[Search, bool] = {}
    delays: Counter[str] = Counter()
    async with Searcher(COMMAND, LIMIT_S) as searcher:
        for search in dict.fromkeys(searches):
            if delays[search[0]] >= _MOST_DELAYS:
                continue
            is_found = await searcher.finds(search)
            if is_found is None:
                delays[search[0]] += 1
            else:
                found[search] = is_found
    return found


class Searcher:
    """A child process that searches; it is started when needed, and again after it has ended.

    Args:
        command: Runs :mod:`groqchat.cli.sets.pattern_child`.
        limit_s: The longest time of a search, in seconds.
    """

    def __init__(self, command: Sequence[str], limit_s: float) -> None:
        self._command = command
        self._limit_s = limit_s
        self._child: Process | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()

    async def finds(self, search: Search) -> bool | None:
        """True where a pattern is in a text; None where that was not decided in time."""
        child = self._child or await self._started()
        asked = json.dumps(search).encode() + b"\n"
        answer = b""
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(self._limit_s):
                answer = await _exchange(child, asked)
        if answer not in _ANSWERS:
            await self._end()
        return _ANSWERS.get(answer)

    async def _started(self) -> Process:
        self._child = await asyncio.create_subprocess_exec(
            *self._command,
            str(2 * self._limit_s),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=without_keys(os.environ),
            process_group=0,  # Ctrl+C is for groqchat, not for its child
            creationflags=NEW_GROUP,
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(_START_S):
                await _exchange(self._child, b"")
        return self._child

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        kill_group(child.pid)
        with suppress(TimeoutError):
            async with asyncio.timeout(DEATH_S):
                await child.wait()


async def _exchange(child: Process, line: bytes) -> bytes:
    """Send a line and read one."""
    assert child.stdin is not None  # noqa: S101  # as it was started
    assert child.stdout is not None  # noqa: S101  # as it was started
    child.stdin.write(line)
    await child.stdin.drain()
    return await child.stdout.readline()
