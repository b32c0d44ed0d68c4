"""Keys in the plain chat: found, typed unseen, checked without a token, stored."""

from __future__ import annotations

import asyncio
import getpass
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from groqchat.cli.plain.console.choices import Choice
from groqchat.cli.plain.console.words import in_plain
from groqchat.domain.errors.tree import GroqchatError, NoKeyError, StorageError
from groqchat.domain.text.secret import Secret
from groqchat.services.account.key_checks import KeyStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from groqchat.cli.plain.command_line import CommandLine
    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.console.reader import Reader
    from groqchat.cli.plain.seat import Seat
    from groqchat.services.account.keys import FoundKey

_ASKS = (
    "No API key yet. Type or paste it (it is not shown), or press Enter to go on without one. "
    "Keys: {keys}; groqchat --plain --demo needs none."
)
_ASKS_FOR_ANOTHER = (
    "Type or paste another API key (it is not shown), or press Enter to keep the one in use. "
    "Keys: {keys}."
)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl+C end a read that holds the event loop, whose own handler would wait for it."""
    if sys.platform == "win32":
        yield
        return
    wakeup = signal.set_wakeup_fd(-1)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.siginterrupt(signal.SIGINT, False)  # as the event loop has it
        signal.set_wakeup_fd(wakeup)


class PlainKeys:
    """Finds the key of the profile in use, or has one typed.

    Args:
        seat: The parts of the chat.
        choices: Offers what can be done with keys.
        commands: Lists and checks them.
        reader: Leaves the terminal alone while a key is typed.
    """

    def __init__(self, seat: Seat, choices: Choices, commands: CommandLine, reader: Reader) -> None:
        self._seat = seat
        self._choices = choices
        self._commands = commands
        self._reader = reader
        # The error of the search, once no key was found.
        self.missing: GroqchatError | None = None
        self.replace_gone: Callable[[], object] = lambda: None

    def find_soon(self) -> None:
        """Look for a key again."""
        self._seat.run(self.find(is_again=True))

    async def find(self, *, is_again: bool = False) -> None:
        """Use the key that is found; without one, have a key typed.

        Args:
            is_again: Whether a prompt waits for it, beside which the end is told.
        """
        try:
            found = await self._seat.services.find_key()
        except (NoKeyError, StorageError) as error:
            self.missing = error
            if isinstance(error, StorageError):
                self._seat.show_error(error)
            if sys.stdin.isatty():
                await self._enter(is_told=not is_again)
            else:
                if not is_again:
                    self._seat.lines.say(f"{error.message} {error.command_suggestion}")
                self._seat.account.keyless()
            return
        await self._use(found)

    async def _use(self, found: FoundKey) -> None:
        seat = self._seat
        self.missing = None
        connection = seat.account.connect(found)
        threading.Thread(target=seat.services.warm_up, daemon=True, name="warm-up").start()
        if found.shadows_stored:
            seat.lines.say("GROQ_API_KEY is used instead of the key in the keyring.")
        await connection.models.recall()

    async def enter(self) -> None:
        """Have a key typed, check it, store it, and use it."""
        await self._enter(is_told=True)

    async def _enter(self, *, is_told: bool) -> None:
        seat = self._seat
        is_first = seat.account.connection is None
        if not sys.stdin.isatty():
            seat.lines.say(
                "A key cannot be typed into a pipe; `groqchat key add --stdin` takes it."
            )
            if is_first:
                seat.account.keyless()
            return
        asked = seat.services.keys.server_of(seat.services.profile)
        seat.lines.say((_ASKS if is_first else _ASKS_FOR_ANOTHER).format(keys=asked.keys))
        while True:
            secret = self._typed()
            if not secret:
                if is_first:
                    seat.account.keyless()
                if is_told:
                    seat.lines.say("No key. /keys enters one." if is_first else "No other key.")
                return
            if secret.flaw:
                seat.lines.say(f"This is no key: {secret.flaw}. Once more.")
                continue
            profile = seat.services.profile
            check = await seat.services.keys.check(secret, meant_for=profile)
            seat.lines.say(in_plain(f"{check.message} {check.suggestion}"))
            if check.status is not KeyStatus.REJECTED:
                break
        store = await self._stored(secret)
        await self._use(seat.services.entered_key(secret, store))

    def _typed(self) -> Secret:
        """A key typed without echo; empty where Enter alone was pressed, or Ctrl+C."""
        self._reader.pause()
        try:
            # It writes its prompt to the terminal, and ends the line there.
            with _interruptible():
                return Secret(getpass.getpass("API key: ").strip())
        except (EOFError, KeyboardInterrupt):
            self._seat.lines.break_line()
            return Secret("")
        finally:
            self._reader.start()

    async def _stored(self, secret: Secret) -> str | None:
        """The name of the keyring that took the key; None where it is for this run alone."""
        services = self._seat.services
        try:
            store = await services.keys.add(services.profile, secret)
        except StorageError as error:
            self._seat.lines.say(f"{error.message} {error.command_suggestion}")
            self._seat.lines.say("The key is used for this run alone.")
            return None
        self._seat.lines.say(f"Stored {secret.masked} as profile {services.profile} in {store}.")
        return store

    async def manage(self, _: str) -> None:
        """List the keys, and offer to enter, check or choose one."""
        await self._commands.run("key", "list")

        async def check() -> None:
            await self._commands.run("key", "check")

        self._choices.offer(
            [Choice("a", "enter a key", self.enter), Choice("c", "check the key in use", check)]
        )
        await asyncio.sleep(0)
