"""The parts of the plain chat, put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.plain.answers import Answers
from groqchat.cli.plain.attaching import Attaching
from groqchat.cli.plain.command_line import CommandLine
from groqchat.cli.plain.compacting import Compacting
from groqchat.cli.plain.comparing import Comparing
from groqchat.cli.plain.console.choices import Choices
from groqchat.cli.plain.console.draft import Draft
from groqchat.cli.plain.console.editor import Editor
from groqchat.cli.plain.conversation import PlainConversation
from groqchat.cli.plain.failures import Failures
from groqchat.cli.plain.keys import PlainKeys
from groqchat.cli.plain.long_files import LongFiles
from groqchat.cli.plain.models import PlainOptions
from groqchat.cli.plain.prompting import Prompting
from groqchat.cli.plain.queueing import PlainQueue
from groqchat.cli.plain.seat import Seat
from groqchat.cli.plain.sessions import PlainSessions
from groqchat.cli.plain.settings import PlainSettings
from groqchat.cli.plain.teller import Teller
from groqchat.cli.plain.templates import Templates
from groqchat.domain.models.names import UnclearModelError
from groqchat.services.turns.running import RunningTurns
from groqchat.ui.chat.turn_actions import TurnActions
from groqchat.ui.workspace.account import Account
from groqchat.ui.workspace.model_names import sentence

if TYPE_CHECKING:
    from groqchat.bootstrap import LocalServices
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.cli.plain.console.reader import Reader
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.account.connection import Connection


@dataclass(frozen=True, slots=True)
class Parts:
    """The objects of one plain chat, each of which knows those that it needs."""

    seat: Seat
    choices: Choices
    teller: Teller
    turns: TurnActions
    failures: Failures
    queue: PlainQueue
    draft: Draft
    attaching: Attaching
    compaction: Compacting
    prompting: Prompting
    sessions: PlainSessions
    answers: Answers
    options: PlainOptions
    comparing: Comparing
    commands: CommandLine
    keys: PlainKeys
    editor: Editor
    templates: Templates
    settings: PlainSettings


def put_together(
    services: LocalServices, lines: Lines, reader: Reader, named_model: str | None
) -> Parts:
    """The parts of a chat.

    Args:
        services: The services.
        lines: What is written.
        reader: What is typed.
        named_model: The model that was named for this run, if any.
    """
    conversation = PlainConversation(services, RunningTurns(services.store), named_model)
    seat, choices = Seat(services, conversation, lines), Choices(lines)
    commands = CommandLine(seat)
    keys = PlainKeys(seat, choices, commands, reader)
    seat.account = _account(seat, keys)
    turns = TurnActions(seat)
    teller, failures = Teller(seat, lines, choices), Failures(seat, choices, turns)
    editor = Editor(lines, reader)
    draft = Draft(services.drafts, conversation.branch, lines)
    queue, attaching = PlainQueue(seat), Attaching(services, lines)
    compaction, long_files = Compacting(seat, choices, teller), LongFiles(seat, choices)
    prompting = Prompting(
        seat, draft, queue, attaching, compacting=compaction, long_files=long_files
    )
    sessions = PlainSessions(seat, choices, draft, queue)
    options = PlainOptions(seat, choices, turns)
    parts = Parts(
        seat,
        choices,
        teller,
        turns,
        failures,
        queue,
        draft,
        attaching,
        compaction,
        prompting,
        sessions,
        Answers(seat),
        options,
        Comparing(seat, choices, teller),
        commands,
        keys,
        editor,
        Templates(seat, choices, draft, commands, editor),
        PlainSettings(seat, choices, editor),
    )
    _join(parts, long_files)
    return parts


def _join(parts: Parts, long_files: LongFiles) -> None:
    """Tell the parts that are made first of those that are made later."""

    async def shorten(error: GroqchatError) -> bool:
        return await long_files.shorten(error) or await parts.compaction.shorten()

    teller, failures, prompting = parts.teller, parts.failures, parts.prompting
    parts.compaction.send = long_files.send = prompting.send
    teller.ask_another = failures.choose_model = parts.options.another_model
    failures.enter_key, prompting.refused = parts.keys.enter, failures.refused
    failures.send_held, failures.shorten = prompting.send_held, shorten
    parts.seat.show_error, teller.failed = failures.show, failures.of_turn
    for listener in (teller, parts.queue):
        parts.seat.conversation.turns.listen(listener)


def _account(seat: Seat, keys: PlainKeys) -> Account:
    return Account(
        seat.services,
        seat.notify,
        lambda *_: None,
        keys.find_soon,
        lambda connection: _has_model_id(seat, connection),
    )


async def _has_model_id(seat: Seat, connection: Connection) -> bool:
    """Whether the model has an id that can be sent; a name from the command line is looked up."""
    conversation, name = seat.conversation, seat.options.model
    if name != conversation.named_model or connection.models.catalog.known(name):
        return True
    try:
        called = await connection.models.called(name)
    except UnclearModelError as mistake:
        seat.notify(sentence(mistake, "Ctrl+L"))
        return False
    conversation.named_model = called.id
    await conversation.correct(model=called.id)
    return True
