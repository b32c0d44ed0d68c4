"""The plain chat from its first line to its last."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import exit_code_of
from groqchat.cli.found_session import found_session
from groqchat.cli.output import OutputError
from groqchat.cli.plain.dispatch import Dispatch
from groqchat.cli.plain.entry import Entry
from groqchat.cli.plain.parts import put_together
from groqchat.cli.usable_model import usable_model
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.turns.chat import Session
from groqchat.services.account.last_model import model_used_last
from groqchat.services.turns.running_turn import Phase

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.cli.plain.console.reader import Reader
    from groqchat.services.turns.running_turn import RunningTurn

_HOW_TO_END = "Ctrl+D or /quit ends groqchat."
_GREETING = "groqchat, plain chat. /help lists the commands, Ctrl+D ends."


@dataclass(frozen=True, slots=True)
class Opening:
    """What the command line says about the beginning: session, newest session, model.

    ``is_greeted``: this chat follows another one, whose greeting was heard.
    """

    session_id: str | None = None
    resume: bool = False
    model: str | None = None
    is_greeted: bool = False


class PlainChat:
    """One chat; ``after`` says what follows it: nothing, ``incognito`` or ``kept``.

    Args:
        services: The services, started already.
        lines: What is written.
        reader: What is typed.
        is_terminal: Whether somebody types; a pipe is read line by line, each to its end.
    """

    def __init__(
        self, services: LocalServices, lines: Lines, reader: Reader, *, is_terminal: bool
    ) -> None:
        self._services = services
        self._lines = lines
        self._reader = reader
        self._is_terminal = is_terminal
        self._doing: asyncio.Task[None] | None = None
        self._code: int | None = None
        self._is_leaving = False
        self.after = ""

    async def run(self, opening: Opening) -> int:
        """Chat until the end of the input, or until it is left; returns the exit code.

        Raises:
            MisuseError: There is no such session.
            BrokenPipeError: The reader of the pipe has ended.
        OutputError: Stdout cannot be written.
        """
        self._parts = parts = put_together(self._services, self._lines, self._reader, opening.model)
        self._entry = Entry(parts, Dispatch(parts, self.leave), self._lines)
        parts.teller.over = self._turn_over
        parts.comparing.over = self._prompt_soon
        parts.seat.ended = self._reader.wake
        self._lines.failed, self._lines.interrupted = self._reader.wake, self._prompt_soon
        self._watch_signals()
        try:
            await self._open(opening)
            self._reader.start()
            await self._read_all()
        finally:
            await self._end()
        if parts.seat.bug is not None:
            raise parts.seat.bug
        if (problem := self._lines.problem) is not None:
            is_unread = isinstance(problem, BrokenPipeError)
            raise problem if is_unread else OutputError(problem.strerror)
        return self._exit_code()

    def _exit_code(self) -> int:
        if self._code is not None:
            return self._code
        if self._is_terminal:
            return ExitCode.DONE
        parts = self._parts
        if parts.keys.missing is not None:
            return exit_code_of(parts.keys.missing)
        return parts.comparing.code or parts.failures.code

    # -- the beginning ------------------------------------------------------------------------

    async def _open(self, opening: Opening) -> None:
        services, parts, say = self._services, self._parts, self._lines.say
        session = await self._wanted(opening)
        if self._is_terminal and not opening.is_greeted:
            say(_GREETING)
        services.keys.on_question(lambda words: say(words) if words else None)
        for notice in (*services.mistakes, *services.notices):
            parts.seat.notify(notice)
        await parts.keys.find()
        await self._choose_model(session, opening)
        if services.is_demo:
            say("Demo: a simulator answers, and nothing is kept.")
        if services.is_incognito:
            say("Incognito: no text, title or session is kept.")
        if session is not None:
            await parts.sessions.open(session)
            if opening.model:
                await self._choose_model(session, opening)
                say(f"Model: {opening.model}, as named for this run.")
            await parts.comparing.reopen()
        elif self._is_terminal:
            say(f"Model: {parts.seat.options.model}. Type a prompt.")
            await parts.draft.read()
        if parts.seat.account.connection is not None and self._is_terminal:
            parts.seat.run(self._follow_account())

    async def _wanted(self, opening: Opening) -> Session | None:
        store = self._services.store
        if opening.session_id:
            return await found_session(store, opening.session_id)
        return next(iter(await store.sessions(limit=1)), None) if opening.resume else None

    async def _choose_model(self, session: Session | None, opening: Opening) -> None:
        """Begin with the named model, the session's, the default, or the one used last."""
        services, seat = self._services, self._parts.seat
        connection, now = seat.account.connection, services.clock.now()
        if opening.model:
            model = opening.model
        elif connection is not None:
            with self._lines.taking_over():
                begun = session or Session("", "", now, now)
                model = await usable_model(services, connection, begun)
        else:
            model = services.settings.model or await self._used_last()
        await seat.conversation.suggest(model=model)

    async def _used_last(self) -> str:
        try:
            return await model_used_last(self._services.saved, self._services.catalog)
        except StorageError:  # has been told
            return self._services.catalog.default().id

    async def _follow_account(self) -> None:
        """Read the account's own list of models; what is wrong, a request will say."""
        connection = self._parts.seat.account.connection
        if connection is not None:
            with suppress(GroqchatError):
                await connection.models.refresh()

    # -- lines --------------------------------------------------------------------------------

    async def _read_all(self) -> None:
        while not self._is_leaving:
            self._prompt()
            typed = await self._reader.next()
            if typed is None or self._parts.seat.bug is not None:
                break
            await self._do(self._entry.take(typed))
            if not self._is_terminal:
                await self._idle()

    async def _do(self, work: Awaitable[None]) -> None:
        """Do what a line asks for; Ctrl+C may end it."""

        async def done() -> None:
            await work

        self._doing = asyncio.create_task(done())
        try:
            await self._doing
        except GroqchatError as error:
            await self._parts.failures.tell(error)
        except asyncio.CancelledError:
            self._lines.say("Stopped.")
        finally:
            self._doing = None

    def _turn_over(self, turn: RunningTurn) -> None:
        if turn.phase is Phase.ENDED:
            self._parts.failures.code = ExitCode.DONE
        self._prompt_soon()

    # -- the prompt ---------------------------------------------------------------------------

    @property
    def _is_idle(self) -> bool:
        parts = self._parts
        is_busy = parts.seat.conversation.is_busy or parts.queue.is_going
        return not (is_busy or parts.comparing.is_busy or self._doing is not None)

    def _prompt_soon(self) -> None:
        asyncio.get_running_loop().call_soon(self._prompt)

    def _prompt(self) -> None:
        if self._is_idle and not self._is_leaving:
            self._lines.ask()

    async def _idle(self) -> None:
        """Wait until what a line has begun is over."""
        parts = self._parts
        conversation = parts.seat.conversation
        while not self._is_idle:
            await parts.comparing.finished()
            if conversation.is_busy:
                await conversation.turns.until_free([conversation.session.id])
            await asyncio.sleep(0)

    # -- the end ------------------------------------------------------------------------------

    def leave(self, after: str) -> None:
        """End the chat; ``after`` is what follows it."""
        self.after, self._is_leaving = after, True
        self._reader.wake()

    def _watch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        if sys.platform == "win32":
            signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(self._interrupted))
            return
        loop.add_signal_handler(signal.SIGINT, self._interrupted)
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ended_by, 128 + number)

    def _interrupted(self) -> None:
        """Stop what is under way; at the prompt, say how to end."""
        parts = self._parts
        self._lines.break_line()
        is_busy = parts.seat.conversation.is_busy or parts.comparing.is_busy
        if not self._is_terminal:
            self._ended_by(ExitCode.INTERRUPTED)
        elif is_busy:
            parts.seat.run(self._stop())
        elif self._doing is not None:
            self._doing.cancel()
        else:
            parts.queue.pause()
            kept = "The unsent prompt is kept; /drop forgets it. " if parts.draft.text else ""
            self._lines.say(f"{kept}{_HOW_TO_END}")
        self._prompt_soon()

    async def _stop(self) -> None:
        parts = self._parts
        parts.queue.pause()
        if not await parts.comparing.stop():
            await parts.seat.conversation.stop()

    def _ended_by(self, code: int) -> None:
        self._code, self._is_leaving = code, True
        if self._doing is not None:
            self._doing.cancel()
        self._parts.seat.run(self._stop())
        self._reader.wake()

    async def _end(self) -> None:
        """Stop what comes still, which saves it, and close the account."""
        parts = self._parts
        self._lines.end_prompt()
        parts.queue.end()
        await parts.comparing.stop()
        await parts.seat.conversation.turns.stop_all()
        await parts.seat.finish()
        self._reader.pause()
        if parts.seat.account.connection is not None:
            await parts.seat.account.connection.close()
