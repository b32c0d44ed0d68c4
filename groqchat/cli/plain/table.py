"""Every slash command in the plain chat: that it works, or why not and what to do instead.

The dispatch, ``/help``, the guide and the tests read this table; its rows are those of
``groqchat.ui.commands``, and the commands that only lines need.
"""

from __future__ import annotations

from dataclasses import dataclass

from groqchat.ui.commands import BY_SLASH, COMMANDS, Command


@dataclass(frozen=True, slots=True)
class Row:
    """A slash command here.

    Attributes:
        here: What is different here, or what to write; empty where the help of the screen says it.
        instead: Why it does not work here, and what to do; empty where it works.
    """

    here: str = ""
    instead: str = ""

    @property
    def works(self) -> bool:
        """Whether the command works here."""
        return not self.instead


_AS_THERE = Row()
# By the word behind the slash.
TABLE = {
    "new": _AS_THERE,
    "retry": _AS_THERE,
    "continue": _AS_THERE,
    "queue": Row("Pause the queue, or go on with it"),
    "unqueue": Row("Take all queued prompts back, as one unsent prompt"),
    "edit": Row("Change the last prompt in your editor, and send it; the old answer is kept"),
    "compact": _AS_THERE,
    "btw": _AS_THERE,
    "copy": Row("The last answer, or code block N; request: as cURL, or as Python"),
    "info": _AS_THERE,
    "system": _AS_THERE,
    "effort": _AS_THERE,
    "tier": Row("Set it; alone it lists the tiers with limits and price; off resets it"),
    "max-tokens": _AS_THERE,
    "set": Row("Set a parameter: /set temperature 0.2; alone it lists all; off resets one"),
    "schema": _AS_THERE,
    "json": _AS_THERE,
    "prompts": Row("List your templates; /prompts NAME reads one; edit NAME opens its file"),
    "attach": Row("Add a file's text to the next prompt; so does @path"),
    "image": Row(
        instead="Lines know no copied image. Save it, and write @path of the file in a prompt."
    ),
    "transcribe": Row("What is said in sound files goes before the next prompt"),
    "talk": Row(instead="A recording needs a key that ends it. Record a file, and /transcribe it."),
    "sessions": Row("List them, to open one by its number"),
    "rename": _AS_THERE,
    "delete": _AS_THERE,
    "undo": _AS_THERE,
    "restore": _AS_THERE,
    "bin": Row("List the deleted sessions, to restore one by its number"),
    "pin": _AS_THERE,
    "archive": _AS_THERE,
    "tag": _AS_THERE,
    "duplicate": _AS_THERE,
    "tree": Row("List the branches of the session, to go to one by its number"),
    "fork": _AS_THERE,
    "incognito": _AS_THERE,
    "search": Row("Search all sessions, to open a message by its number"),
    "export": _AS_THERE,
    "import": _AS_THERE,
    "backup": _AS_THERE,
    "model": Row("Take a model; alone it lists all, to take one by its number"),
    "compare": Row("Ask several models: /compare 120b 20b; off goes back to the chat"),
    "leaderboard": _AS_THERE,
    "quota": Row("What is left of the limits of the model"),
    "cost": _AS_THERE,
    "budget": _AS_THERE,
    "usage": _AS_THERE,
    "batches": Row("List them; `groqchat batch` submits, reads and cancels them"),
    "tools": Row("List the tools; /tools NAME switches one on or off; off: all off"),
    "mcp": Row("List the servers; `groqchat mcp` adds, tests and removes them"),
    "plan": Row("What fits under the limits a day with prompts of your average length"),
    "keys": Row("List the keys; enter one, check the one in use"),
    "errors": Row("The last errors, with details by number"),
    "reasoning": Row("Read the model's thoughts aloud, or no longer"),
    "times": Row("Say when each prompt was sent, or no longer"),
    "theme": Row(instead="Lines have the colours of your terminal."),
    "settings": Row("List them, to change one by its number; file opens your editor"),
    "keymap": Row(
        instead="Lines have no keys to bind; /settings keys says where those of the screen are."
    ),
    "help": Row("The most used commands; all: every one; or a topic, a command, a guide"),
    "tour": Row(instead="It shows keys of the screen. /help lists what there is here."),
    "news": _AS_THERE,
    "quit": Row("End; so does Ctrl+D"),
}

# The commands that the screen has keys for, or does not need.
EXTRAS = {
    "last": Row("Read the last prompt and its answer again"),
    "write": Row("Write a prompt of several lines in your editor"),
    "drop": Row("Forget the unsent prompt and what is attached to it"),
    "keep": Row("Go on with the answer of column N of a comparison"),
}
_USAGES = {"keep": "/keep N"}


def rows() -> list[tuple[str, str, bool]]:
    """The whole table: how each command is written, what it does or why not, whether it works."""
    by_slash = {command.slash: command for command in COMMANDS if command.slash}
    shown = [
        (by_slash[word].usage, row.instead or row.here or _help_of(by_slash[word]), row.works)
        for word, row in TABLE.items()
    ]
    extras = [(_USAGES.get(word, f"/{word}"), row.here, True) for word, row in EXTRAS.items()]
    return [*shown, *extras]


def _help_of(command: Command) -> str:
    """What the screen shows as title and help, as one sentence after the other."""
    return f"{command.title}. {command.help}"


def row_of(slash: str) -> Row:
    """The row of a word behind the slash, or of another client's word for it."""
    return TABLE[BY_SLASH[slash].slash]
