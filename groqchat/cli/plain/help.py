"""``/help``: the most used commands, the others by topics, one command, or a guide."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.catalog.guides import GUIDES, guide_text
from groqchat.cli.plain.table import rows
from groqchat.domain.text.spelling import did_you_mean
from groqchat.ui.commands import BY_SLASH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ALL = "all"
MOST_USED = (
    *("new", "model", "retry", "edit", "last", "copy", "sessions"),
    *("compare", "quota", "errors", "settings", "quit"),
)
# By the name of each: the words behind the slash. None has the name of a guide or a command.
TOPICS = {
    "writing": (
        *("write", "drop", "attach", "image", "transcribe", "talk", "btw"),
        *("queue", "unqueue", "edit"),
    ),
    "answers": (
        *("last", "retry", "continue", "copy", "info", "reasoning", "times"),
        *("compact", "errors"),
    ),
    "options": (
        *("model", "system", "effort", "tier", "max-tokens", "set", "schema", "json"),
        *("prompts", "tools", "mcp"),
    ),
    "conversations": (
        *("new", "sessions", "search", "rename", "pin", "archive", "tag", "tree", "fork"),
        *("duplicate", "delete", "undo", "restore", "bin", "export", "import", "backup"),
        "incognito",
    ),
    "comparing": ("compare", "keep", "leaderboard"),
    "spending": ("quota", "cost", "budget", "usage", "plan", "batches"),
    "program": ("settings", "keys", "theme", "keymap", "news", "tour", "help", "quit"),
}


class Help:
    """The command ``/help``.

    Args:
        say: Writes lines.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._rows = {row[0].split()[0].removeprefix("/"): row for row in rows()}

    async def help(self, asked: str) -> None:
        """Tell the most used commands, or what is asked for."""
        name = asked.lower().strip("/")
        words = list(self._rows)
        if not name:
            self._tell_most_used()
        elif name == ALL:
            self._tell(words)
        elif asked in GUIDES:
            self._say(await asyncio.to_thread(guide_text, asked))
        elif name in TOPICS:
            self._tell(TOPICS[name])
        elif name in words or name in BY_SLASH:
            self._tell([BY_SLASH[name].slash if name in BY_SLASH else name])
        else:
            there = [ALL, *TOPICS, *GUIDES]
            meant = did_you_mean(name, [*there, *words]) or f"; there are {', '.join(there)}."
            self._say(f"There is no help on {asked}{meant}")

    def _tell_most_used(self) -> None:
        self._say("The most used commands:")
        self._tell(MOST_USED)
        self._say("A prompt is sent by Enter; a backslash at the end of a line adds another.")
        self._say("@path in a prompt attaches a file. Ctrl+C stops an answer, Ctrl+D ends.")
        self._say(f"More commands, by /help NAME: {', '.join(TOPICS)}; /help {ALL} lists all.")
        self._say(f"Guides, by /help NAME: {', '.join(GUIDES)}.")

    def _tell(self, words: Iterable[str]) -> None:
        for usage, does, works in map(self._rows.__getitem__, words):
            self._say(f"{usage}: {'' if works else 'Not here. '}{does}")
