"""The table of commands of a comparison. Keys, footer, help and palette read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding

from groqchat.ui.commands import BY_ID as CHAT_COMMANDS
from groqchat.ui.compare.command import CompareCommand, PromptCommand, SlashCommand
from groqchat.ui.compare.foot import FooterKeys
from groqchat.ui.compare.help import CompareHelp
from groqchat.ui.dialogs.guides import show_guides

if TYPE_CHECKING:
    from groqchat.ui.compare.actions.groups import CompareActions


async def _show_help(on: CompareActions, topic: str = "") -> None:
    if topic:
        await show_guides(topic, on.ask)
        return
    written = [each.command for each in SLASH_COMMANDS.values()]
    wants_guide = await on.ask(CompareHelp(COMMANDS, written))
    if wants_guide:
        await show_guides("compare", on.ask)


COMMANDS: tuple[CompareCommand, ...] = (
    CompareCommand(
        "tie", "t", "tie", "several are the best", lambda on: on.voting.tie(), is_shown=True
    ),
    CompareCommand(
        "all_bad",
        "x",
        "all bad",
        "none is any good; counts as a tie",
        lambda on: on.voting.all_bad(),
        is_shown=True,
    ),
    CompareCommand(
        "go_on",
        "enter",
        "go on with this one",
        "counts as your vote if you gave none",
        lambda on: on.leaving.go_on(),
        is_shown=True,
        key_words="Enter",
    ),
    CompareCommand(
        "go_on_with_all",
        "a",
        "go on with all",
        "each column becomes a session of its own",
        lambda on: on.leaving.go_on_with_all(),
    ),
    CompareCommand(
        "retry", "r", "retry", "ask this column again", lambda on: on.asking.retry(), is_shown=True
    ),
    CompareCommand(
        "retry_failed",
        "R",
        "retry all failed",
        "and stopped columns, too",
        lambda on: on.asking.retry_failed(),
    ),
    CompareCommand(
        "replace",
        "m",
        "use the replacement",
        "proposed where a model cannot answer",
        lambda on: on.asking.replace(),
    ),
    CompareCommand(
        "differences",
        "d",
        "differences",
        "of two answers, word by word",
        lambda on: on.reading.differences(),
        is_shown=True,
    ),
    CompareCommand(
        "fold",
        "f",
        "fold parts",
        "of an answer in JSON; a click folds one",
        lambda on: on.reading.fold(),
    ),
    CompareCommand("copy", "c", "copy", "this answer, as Markdown", lambda on: on.reading.copy()),
    CompareCommand(
        "judge",
        "v",
        "verdict of a model",
        "asked twice; the cost is shown first",
        lambda on: on.judging.judge(),
    ),
    CompareCommand("note", "n", "note", "a few words about this turn", lambda on: on.notes.note()),
    CompareCommand(
        "tag",
        "g",
        "tag",
        "name the kind of task, for the leaderboard",
        lambda on: on.notes.tag(),
    ),
    CompareCommand(
        "scores",
        "s",
        "scores",
        "all votes and figures of this comparison",
        lambda on: on.reading.scores(),
    ),
    CompareCommand(
        "leaderboard",
        "l",
        "leaderboard",
        "ratings from all your votes",
        lambda on: on.reading.leaderboard(),
    ),
    CompareCommand(
        "options",
        "o",
        "options",
        "system prompt, effort, length, temperature here",
        lambda on: on.setup.options(),
    ),
    CompareCommand(
        "copy_column",
        "plus",
        "copy the column",
        "the same model once more, with other options",
        lambda on: on.setup.copy(),
        key_words="+",
    ),
    CompareCommand(
        "save_columns",
        "w",
        "save the columns",
        "under a name, for /compare @NAME and -m @NAME",
        lambda on: on.setup.save(),
    ),
    CompareCommand(
        "blind",
        "b",
        "blind",
        "hide and shuffle the names until each vote",
        lambda on: on.voting.blind(),
    ),
    CompareCommand(
        "spacing",
        "p",
        "pause",
        "seconds between one column's request and the next",
        lambda on: on.setup.spacing(),
    ),
    CompareCommand(
        "help",
        "question_mark",
        "all keys",
        "this list",
        _show_help,
        is_shown=True,
        key_words="?",
    ),
)
# Commands of the chat that act on the prompt of a comparison too.
PROMPT_COMMANDS = (
    PromptCommand(CHAT_COMMANDS["history"], lambda on: on.prompt.history()),
    PromptCommand(CHAT_COMMANDS["editor"], lambda on: on.prompt.editor()),
    PromptCommand(CHAT_COMMANDS["chip"], lambda on: on.prompt.show_chip()),
    PromptCommand(CHAT_COMMANDS["toast"], lambda on: on.asking.approve()),
)
# Commands of the chat that act where they are written in the prompt of a comparison.
SLASH_COMMANDS = {
    name: SlashCommand(CHAT_COMMANDS[name], run)
    for name, run in {
        "export": lambda on, written: on.session.export(written),
        "attach": lambda on, written: on.prompt.attach(written),
        "rename": lambda on, written: on.session.rename(written),
        "cost": lambda on, _: on.session.show_cost(),
        "usage": lambda on, _: on.session.show_usage(),
        "leaderboard": lambda on, written: on.reading.leaderboard(written),
        "copy": lambda on, _: on.reading.copy(),
        "retry": lambda on, _: on.asking.retry(),
        "help": _show_help,
        "quit": lambda on, _: on.session.quit(),
    }.items()
}


def _alone(command: SlashCommand) -> PromptCommand:
    """The command without anything written behind it."""
    return PromptCommand(command.command, lambda on: command.run(on, ""))


# Those that have no key here; the palette has them.
WRITTEN_COMMANDS = tuple(
    _alone(command)
    for name, command in SLASH_COMMANDS.items()
    if name not in {each.id for each in COMMANDS}
)
BY_ID: dict[str, CompareCommand | PromptCommand] = {
    **{command.id: command for command in WRITTEN_COMMANDS},
    **{command.id: command for command in COMMANDS},
    **{command.id: command for command in PROMPT_COMMANDS},
}
BINDINGS = (
    *(
        Binding(command.key, f"command('{command.id}')", command.words, show=False)
        for command in COMMANDS
    ),
    *(
        Binding(each.command.keys, f"command('{each.id}')", id=each.id, show=False)
        for each in PROMPT_COMMANDS
    ),
)

# Keys of the chat that do nothing in a comparison, and are answered with a sentence, but for the
# first, which leaves it for a new session.
CHAT_ONLY = tuple(
    CHAT_COMMANDS[name] for name in ("new", "sessions", "find", "model", "compare", "quota")
)
# Of these, those that leave a comparison to the chat while its answers are written.
LEAVES = frozenset({"new", "sessions"})
CHAT_BINDINGS = tuple(
    Binding(
        command.keys,
        f"chat_only('{command.id}')",
        id=command.id,
        show=False,
        # A text area would take this key otherwise, and delete to the end of the line.
        priority=command.keys == "ctrl+k",
    )
    for command in CHAT_ONLY
)

_HINTS = {command.id: command.hint for command in COMMANDS}
FOOTER_KEYS = FooterKeys(
    votable=tuple(command.hint for command in COMMANDS if command.is_shown),
    # On low screens every line of keys costs a line of the answers.
    low=(_HINTS["go_on"], _HINTS["help"]),
    unanswered=tuple(_HINTS[name] for name in ("retry", "retry_failed", "options", "help")),
    first=tuple(
        _HINTS[name]
        for name in ("blind", "options", "copy_column", "spacing", "tag", "leaderboard", "help")
    ),
    busy=tuple(_HINTS[name] for name in ("differences", "copy", "help")),
)
