"""Commands of the command line, run inside the plain chat with its services."""

from __future__ import annotations

import asyncio
import io
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from groqchat.cli.failures import guarded
from groqchat.cli.main import UsageError, build_parser

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from concurrent.futures import Future

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.plain.seat import Seat


class Within:
    """Runs what a command does with the services on the loop of the chat that it is given in."""

    def __init__(self, services: LocalServices) -> None:
        self._services = services
        self._loop = asyncio.get_running_loop()
        self._acting: Future[int] | None = None

    def run(self, act: Callable[[LocalServices], Awaitable[int]]) -> int:
        """Do it, and wait on the command's own thread."""

        async def acted() -> int:
            return await act(self._services)

        self._acting = asyncio.run_coroutine_threadsafe(acted(), self._loop)
        return self._acting.result()

    def stop(self) -> None:
        """Stop what is done."""
        if self._acting is not None:
            self._acting.cancel()


class CommandLine:
    """Runs commands, whose output becomes lines.

    Args:
        seat: The parts of the chat.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    async def run(self, *words: str) -> int:
        """Run a command line without its first word; returns the exit code."""
        try:
            args = build_parser().parse_args(words)
        except UsageError as error:
            self._seat.lines.say(f"{error}.")
            return 2
        args.within = Within(self._seat.services)
        with self._seat.lines.taking_over():
            try:
                return await asyncio.to_thread(guarded, args.run, args)
            except asyncio.CancelledError:
                args.within.stop()
                raise

    async def captured(self, *words: str) -> str:
        """Run a command line; returns what it writes on stdout, and nothing where it fails."""
        taken = io.StringIO()
        with self._seat.lines.taking_over(), redirect_stdout(taken):
            args = build_parser().parse_args(words)
            args.within = Within(self._seat.services)
            code = await asyncio.to_thread(guarded, args.run, args)
        return "" if code else taken.getvalue()

    def running(self, *words: str) -> Callable[[str], Awaitable[None]]:
        """A method that runs a command line, whatever is written behind the slash command."""

        async def run(_: str) -> None:
            await self.run(*words)

        return run

    def with_rest(self, *words: str, option: str = "") -> Callable[[str], Awaitable[None]]:
        """A method that runs a command line with the rest as its last argument, if there is any."""

        async def run(rest: str) -> None:
            await self.run(*words, *((option,) if option and rest else ()), *_last(rest))

        return run


def _last(rest: str) -> Sequence[str]:
    return (rest,) if rest else ()
