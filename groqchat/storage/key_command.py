"""A key that a command of the user's prints, such as that of a password manager."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.causes import failure
from groqchat.domain.humanize import duration
from groqchat.domain.redact import redact
from groqchat.domain.sanitize import sanitize
from groqchat.domain.secret import Secret, without_keys

if TYPE_CHECKING:
    from asyncio import StreamReader
    from asyncio.subprocess import Process

    from groqchat.domain.errors import GroqchatError
    from groqchat.domain.settings import Settings

_PROFILE = "{profile}"
# More than any password manager prints about one entry, in bytes.
LONGEST_OUTPUT = 16_384
_LONGEST_COMPLAINT = 200


def key_command(settings: Settings, profile: str) -> KeyCommand | None:
    """The user's command for a profile's key, if there is one."""
    command = KeyCommand(settings.key_command, settings.key_command_s)
    is_for_it = profile == settings.profile or command.serves_every_profile
    return command if settings.key_command.strip() and is_for_it else None


class KeyCommand:
    """Runs the command, without a shell and without a key in its environment.

    Args:
        command: As one writes it in a shell; ``{profile}`` in it stands for the profile's name.
        timeout_s: How long it may take, in seconds.
    """

    def __init__(self, command: str, timeout_s: float) -> None:
        self._command = command
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """The program's name, such as "op"."""
        program, _, _ = self._command.strip().partition(" ")
        return Path(program.strip("\"'")).name

    @property
    def serves_every_profile(self) -> bool:
        """Whether it is told which profile's key is wanted."""
        return _PROFILE in self._command

    async def key(self, profile: str) -> Secret:
        """The key: the first line that holds anything of what the command prints.

        Raises:
            StorageError: It cannot be started, fails, prints no key (``key_command_failed``), or
                does not end in time (``key_command_silent``).
        """
        process = await self._started(profile)
        code: int | None = None
        try:
            async with asyncio.timeout(self._timeout_s):
                printed, complaint = await asyncio.gather(*map(_all_of, _pipes(process)))
                if len(printed) == LONGEST_OUTPUT:
                    raise _failed("it prints more than a key")
                code = await process.wait()
        except TimeoutError:
            raise failure("key_command_silent", detail=duration(self._timeout_s)) from None
        finally:
            if code is None:
                await _end(process)
        if code != 0:
            raise _failed(f"it ended with exit code {code}{_words_of(complaint)}")
        return _key_in(printed)

    async def _started(self, profile: str) -> Process:
        try:
            words = [word.replace(_PROFILE, profile) for word in shlex.split(self._command)]
            # A group of its own can be ended as a whole, and cannot read what is typed for us.
            return await asyncio.create_subprocess_exec(
                *words,
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                env=without_keys(os.environ),
                process_group=0,
            )
        except OSError as error:
            raise _failed(f"{self.name} could not be started: {error.strerror}") from error
        except ValueError as error:
            raise _failed(f"it cannot be read: {error}") from error


def _pipes(process: Process) -> tuple[StreamReader, StreamReader]:
    assert process.stdout is not None  # noqa: S101 - as it was started
    assert process.stderr is not None  # noqa: S101 - as it was started
    return process.stdout, process.stderr


async def _all_of(stream: StreamReader) -> bytes:
    """What it prints, up to a length that no key has."""
    try:
        return await stream.readexactly(LONGEST_OUTPUT)
    except asyncio.IncompleteReadError as end:
        return end.partial


async def _end(process: Process) -> None:
    """Nothing of it goes on, nor of what it started."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:  # Windows has no groups
            process.kill()
    await process.wait()


def _key_in(printed: bytes) -> Secret:
    lines = (Secret(line) for line in printed.decode("utf-8", "replace").splitlines())
    key = next(filter(None, lines), None)
    if key is None:
        raise _failed("it printed nothing")
    if key.flaw:
        raise _failed(f"what it printed is no key: {key.flaw}")
    return key


def _words_of(complaint: bytes) -> str:
    """The last line of its complaint, made harmless."""
    text = redact(sanitize(complaint.decode("utf-8", "replace")))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f" ({lines[-1][:_LONGEST_COMPLAINT]})" if lines else ""


def _failed(detail: str) -> GroqchatError:
    return failure("key_command_failed", detail=detail)
