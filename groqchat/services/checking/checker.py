"""Checks within a time limit, since some regular expressions would take for ever."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.structured.validation import Mismatch
from groqchat.domain.text.secret import without_keys
from groqchat.domain.turns.answer_form import asked_form, mismatch_error
from groqchat.services.programs import DEATH_S, NEW_GROUP, kill_group

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Iterable, Sequence
    from types import TracebackType
    from typing import Self

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.prompt_sets.checks import Search
    from groqchat.domain.turns.answer_form import AskedForm
    from groqchat.domain.turns.chat import Message

LIMIT_S = 5.0
"""How long one check may take."""
_START_S = 60.0
_MOST_DELAYS = 3
_LONGEST_LINE = 2**20
COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("child.py")))


class Verdict(NamedTuple):
    """What is wrong with an answer in JSON, and whether all patterns of its schema were tried."""

    wrong: tuple[Mismatch, ...]
    is_whole: bool


async def verdict_on(form: AskedForm, answer: str) -> Verdict:
    """Check an answer against what was asked for; patterns that take too long are left out."""
    if form.schema is None or not form.has_patterns:
        return Verdict(form.mismatches(answer), is_whole=True)
    async with Checker(COMMAND, LIMIT_S) as checker:
        wrong = await checker.mismatches(form.schema, answer)
    if wrong is None:
        return Verdict(form.mismatches(answer, with_patterns=False), is_whole=False)
    return Verdict(wrong, is_whole=True)


async def mismatch_of(answer: Message) -> GroqchatError | None:
    """The error of an answer that is not what was asked for; None for any other answer."""
    form = asked_form(answer.asked_with)
    if form is None:
        return None
    wrong = (await verdict_on(form, answer.content)).wrong
    return mismatch_error(answer, wrong) if wrong else None


async def decided(searches: Iterable[Search]) -> dict[Search, bool]:
    """The results of searches: whether each pattern is in its text, or each answer fits.

    A search that was not decided within :data:`LIMIT_S` is left out; a pattern or schema that was
    undecided three times is not tried any more. A cancelled search ends at once.
    """
    found: dict[Search, bool] = {}
    delays: Counter[str] = Counter()
    async with Checker(COMMAND, LIMIT_S) as checker:
        for search in dict.fromkeys(searches):
            if delays[search.wanted] >= _MOST_DELAYS:
                continue
            is_found = await checker.finds(search)
            if is_found is None:
                delays[search.wanted] += 1
            else:
                found[search] = is_found
    return found


class Checker:
    """A child process that makes checks; it is started when needed, and again after it has ended.

    Args:
        command: Runs :mod:`groqchat.services.checking.child`.
        limit_s: The longest time of a check, in seconds.
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
        """True where a pattern is in a text, or an answer fits; None where that is undecided."""
        if search.is_schema:
            wrong = await self.mismatches(search.wanted, search.text)
            return None if wrong is None else not wrong
        answer = await self._asked("regex", search.wanted, search.text)
        return answer if isinstance(answer, bool) else None

    async def mismatches(self, schema: str, answer: str) -> tuple[Mismatch, ...] | None:
        """What is wrong with an answer by a schema; None where that was not decided in time."""
        found = await self._asked("schema", schema, answer)
        return tuple(Mismatch(*each) for each in found) if isinstance(found, list) else None

    async def _asked(self, *question: str) -> object:
        """The child's answer; None where there was none in time."""
        child = self._child or await self._started()
        line = b""
        with suppress(TimeoutError, ConnectionError, ValueError):
            async with asyncio.timeout(self._limit_s):
                line = await _exchange(child, json.dumps(question).encode() + b"\n")
            answer: object = json.loads(line)
            return answer
        await self._end()
        return None

    async def _started(self) -> Process:
        self._child = await asyncio.create_subprocess_exec(
            *self._command,
            str(2 * self._limit_s),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=without_keys(os.environ),
            limit=_LONGEST_LINE,
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
