"""What is written in the composer, read as a slash command: a command, a prompt, or in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.text.spelling import nearest
from groqchat.ui.commands import BY_SLASH

if TYPE_CHECKING:
    from groqchat.ui.commands import Command

# The farthest that a mistyped word is from what was meant, in letters.
_FARTHEST = 2
_MOST_NAMED = 2
# One line: the word behind the slash, and what follows it.
_WRITTEN = re.compile(r"/(\S*)(?:[^\S\n]+(.*))?")


@dataclass(frozen=True, slots=True)
class Slash:
    """A slash command as it was written, with what follows its word."""

    command: Command
    argument: str


def read_slash(text: str) -> Slash | None:
    """Read a composer's text as a slash command; None for a prompt.

    A prompt is whatever has several lines, begins with no command's word (``/etc/hosts``), or has
    more words behind it than the command takes: ``/quit smoking: how?``.
    """
    written = _WRITTEN.fullmatch(text.strip())
    command = BY_SLASH.get(written[1].lower()) if written else None
    if written is None or command is None:
        return None
    argument = (written[2] or "").strip()
    return Slash(command, argument) if len(argument.split()) <= command.words else None


def aside_of(text: str) -> str:
    """The side question that a text asks; empty where it asks none."""
    slash = read_slash(text)
    return slash.argument if slash is not None and slash.command.id == "btw" else ""


def doubt_of(text: str) -> str:
    """The reason why a prompt may have been meant as a command; empty for a clear prompt."""
    if (bare := text.strip().lower()) in _LEAVING:
        return f"{bare}: did you mean /quit? {_AGAIN}"
    written = _WRITTEN.fullmatch(text.strip())
    if written is None or read_slash(text) is not None:
        return ""
    word, behind = written[1].lower(), (written[2] or "").split()
    if command := BY_SLASH.get(word):
        most = "one word" if command.words == 1 else f"{command.words} words"
        return f"/{word} takes {most} at most. {_AGAIN}" if command.words else ""
    if len(behind) > 1 or "/" in word or "." in word:
        return ""
    if meant := _meant(word):
        return f"/{word}: did you mean {meant}? {_AGAIN}"
    return f"There is no command /{word}; /help lists them. {_AGAIN}" if _is_alone(text) else ""


# What ends other programs that take lines.
_LEAVING = ("exit", "quit", ":q")
_AGAIN = "Enter again sends it as a prompt."


def _is_alone(text: str) -> bool:
    """Whether a text is one word of letters behind a slash, which no folder of this machine is."""
    word = text.strip()
    return word[1:].isalpha() and not Path(word).exists()


def _meant(word: str) -> str:
    """The commands that a word begins, else those it is like; empty where there are none."""
    begun = [slash for slash in BY_SLASH if slash.startswith(word)]
    meant = [f"/{slash}" for slash in begun or nearest(word, BY_SLASH, farthest=_FARTHEST)]
    return (
        " or ".join(meant) if len(meant) <= _MOST_NAMED else f"{', '.join(meant[:_MOST_NAMED])}, …"
    )
