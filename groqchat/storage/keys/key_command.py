"""Keys from a command of the user, such as a password manager."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.text.humanize import duration
from groqchat.domain.text.redact import redact
from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.text.secret import Secret
from groqchat.services.programs import TooLongError, command_words, run

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.settings import Settings
    from groqchat.services.programs import Ended

_PROFILE = "{profile}"
# Bytes; more than any password manager prints for one entry.
LONGEST_OUTPUT = 16_384
_LONGEST_COMPLAINT = 200


def key_command(settings: Settings, profile: str) -> KeyCommand | None:
    """The user's command for a profile's key; None if there is none."""
    command = KeyCommand(settings.key_command, settings.key_command_s)
    is_for_it = profile == settings.profile or command.serves_every_profile
    return command if settings.key_command.strip() and is_for_it else None


class KeyCommand:
    """A command that prints a key, run without a shell and without keys in its environment.

    Args:
        command: The command line; ``{profile}`` is replaced by the profile's name.
        timeout_s: The limit for the command, in seconds.
    """

    def __init__(self, command: str, timeout_s: float) -> None:
        self._command = command
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """The name of the program, such as "op"."""
        try:
            program = command_words(self._command)[0]
        except ValueError:
            program = self._command.strip().partition(" ")[0]
        return Path(program).name

    @property
    def serves_every_profile(self) -> bool:
        """Whether the command contains ``{profile}``."""
        return _PROFILE in self._command

    async def key(self, profile: str) -> Secret:
        """The key: the first non-empty line of the command's output.

        Raises:
            StorageError: The command cannot be started, fails or prints no key
                (``key_command_failed``), or does not end in time (``key_command_silent``).
        """
        ended = await self._run(profile)
        if ended.code != 0:
            raise _failed(f"{_end_of(ended.code)}{_words_of(ended.stderr)}")
        return _key_in(ended.stdout)

    async def _run(self, profile: str) -> Ended:
        try:
            words = [word.replace(_PROFILE, profile) for word in command_words(self._command)]
            return await run(words, limit_s=self._timeout_s, longest=LONGEST_OUTPUT)
        except TimeoutError:
            raise failure("key_command_silent", detail=duration(self._timeout_s)) from None
        except TooLongError:
            raise _failed(f"it printed more than {LONGEST_OUTPUT:,} bytes") from None
        except OSError as error:
            raise _failed(f"{self.name} could not be started: {error.strerror}") from error
        except ValueError as error:
            raise _failed(f"it cannot be read: {error}") from error


def _key_in(printed: bytes) -> Secret:
    lines = (Secret(line) for line in printed.decode("utf-8", "replace").splitlines())
    key = next(filter(None, lines), None)
    if key is None:
        raise _failed("it printed nothing")
    if key.flaw:
        raise _failed(f"what it printed is no key: {key.flaw}")
    return key


def _end_of(code: int) -> str:
    if code >= 0:
        return f"it ended with exit code {code}"
    return f"it was ended by {signal.strsignal(-code) or 'a signal'} (signal {-code})"


def _words_of(complaint: bytes) -> str:
    """The first line of stderr, sanitised and without keys."""
    text = redact(sanitize(complaint.decode("utf-8", "replace")))
    line = next(filter(None, map(str.strip, text.splitlines())), "")
    return f" ({line[:_LONGEST_COMPLAINT]})" if line else ""


def _failed(detail: str) -> GroqchatError:
    return failure("key_command_failed", detail=detail)
