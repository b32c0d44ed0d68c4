"""``groqchat sessions``: the commands about conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.archives.imports import declare_import
from groqchat.cli.arguments import add_json, run_chosen
from groqchat.cli.sessions.bin import declare_bin
from groqchat.cli.sessions.edit import declare_edit
from groqchat.cli.sessions.exports import declare_export
from groqchat.cli.sessions.lists import declare_lists

if TYPE_CHECKING:
    import argparse

HELP = "list, search, show, label, export, import and delete conversations"
EXAMPLES = """\
groqchat sessions list
groqchat sessions search 'limit "per day" model:gpt-oss after:7d'
groqchat sessions edit 1m82pjvd --add-tag work --pin
groqchat sessions export 1m82pjvd --format html > talk.html
groqchat sessions import old.jsonl
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for declare in (declare_lists, declare_export, declare_import, declare_edit, declare_bin):
        declare(commands)
    for command in commands.choices.values():
        add_json(command)


run = run_chosen
