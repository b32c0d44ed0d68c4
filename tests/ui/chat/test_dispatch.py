"""Every command of the chat has one method, whatever the screen is."""

import asyncio
from unittest.mock import MagicMock

from groqchat.ui.chat.dispatch import CommandGroups, Dispatch
from groqchat.ui.chat.program_actions import ProgramActions
from groqchat.ui.commands import COMMANDS
from groqchat.ui.sessions.options import OptionActions
from groqchat.ui.sessions.shelves import SessionShelves
from groqchat.ui.sessions.tree import TreeActions
from tests.ui.without_a_screen import run


def groups(**made):
    """Groups of nothing but mocks, of which some name their commands themselves."""
    shelves, sessions, options, program = (MagicMock() for _ in range(4))
    program.commands = ProgramActions.commands.fget(program)
    options.commands = OptionActions.commands.fget(options)
    shelves.commands = SessionShelves.commands.fget(shelves)
    sessions.tree.commands = TreeActions.commands.fget(sessions.tree)
    made = {
        "shelves": shelves,
        "sessions": sessions,
        "options": options,
        "program": program,
        **made,
    }
    return CommandGroups(
        **{name: made.get(name, MagicMock()) for name in CommandGroups.__dataclass_fields__}
    )


def test_every_command_has_exactly_one_method():
    table = groups().table()
    assert sorted(table) == sorted(command.id for command in COMMANDS)
    assert len({str(method) for method in table.values()}) == len(COMMANDS)


async def test_a_command_is_run_with_what_was_written_behind_it():
    done = asyncio.Event()
    written = []

    class Turns(MagicMock):
        async def retry(self, argument):
            written.append(argument)
            done.set()

    dispatch = Dispatch(groups(turns=Turns()), run)
    dispatch.has_session.set()
    dispatch.run("retry", "A title")
    await done.wait()
    assert written == ["A title"]
