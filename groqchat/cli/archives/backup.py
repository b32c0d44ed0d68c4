"""``groqchat backup``: a copy of all conversations and of the ledger in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.arguments import STDOUT, add_json, output_file
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import narrate, print_json, say
from groqchat.cli.work_bar import work_bar
from groqchat.domain.text.humanize import counted, size

if TYPE_CHECKING:
    import argparse

    from groqchat.storage.backups.copies import Contents

HELP = "copy the database, with all conversations and the ledger, to a file"
EXAMPLES = """\
groqchat backup groqchat-backup.db
groqchat backup --force ~/groqchat.db

The chat may be open meanwhile. Keys are not in it, and neither are the settings.
`groqchat restore FILE` puts it back. Exit codes: 0 done, 2 no file can have that name, 10 the disk
or the database fails, 130 interrupted; without 0 there is no new file.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", type=output_file, help="the new file")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    from groqchat.storage.backups.backup import back_up
    from groqchat.storage.backups.copies import UnusableFileError
    from groqchat.storage.settings.paths import folders

    if args.file is STDOUT:
        raise MisuseError("a backup goes to a file, not to stdout: name one, such as groqchat.db")
    try:
        with work_bar("Copying", "bytes") as show:
            found = back_up(
                folders().database_file,
                args.file,
                force=args.force,
                progress=show,
                notify=lambda notice: narrate(f"groqchat: {notice}"),
            )
    except UnusableFileError as mistake:
        raise MisuseError(f"{args.file} {mistake}") from None
    if args.json:
        print_json({"file": str(args.file.resolve()), **counts(found)})
    else:
        say(f"Backed up {in_words(found)} to {args.file.resolve()} ({size(found.bytes)}).")
    return ExitCode.DONE


def counts(found: Contents) -> dict[str, object]:
    """The contents of a database as JSON."""
    return {"sessions": found.sessions, "messages": found.messages, "bytes": found.bytes}


def in_words(found: Contents) -> str:
    """The contents of a database.

    >>> from groqchat.storage.backups.copies import Contents
    >>> in_words(Contents(1, 2, 4096))
    '1 session with 2 messages'
    """
    return f"{counted(found.sessions, 'session')} with {counted(found.messages, 'message')}"
