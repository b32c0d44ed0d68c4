"""``groqchat sessions``: the commands, and those that show and export one conversation."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from groqchat.cli.archives.imports import declare_import
from groqchat.cli.arguments import STDOUT, add_json, output_file, run_chosen, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.found_session import found_session
from groqchat.cli.output import DIM, narrate, write
from groqchat.cli.sessions.bin import declare_bin
from groqchat.cli.sessions.edit import declare_edit
from groqchat.cli.sessions.lists import declare_lists
from groqchat.cli.sessions.running import reading
from groqchat.domain.errors.tree import StorageError
from groqchat.services.sessions.export_files import (
    ENDINGS,
    NOT_OURS,
    file_name,
    form_of,
    is_own_export,
)

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.domain.turns.chat import Session

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
    for declare in (declare_lists, _declare_export, declare_import, declare_edit, declare_bin):
        declare(commands)
    for command in commands.choices.values():
        add_json(command)


def _declare_export(commands: Commands) -> None:
    show = subcommand(
        commands, "show", "print one session", "groqchat sessions show 1m82pjvd\n", reading(_export)
    )
    export = subcommand(
        commands,
        "export",
        "write one session to a file or to stdout",
        "groqchat sessions export 1m82pjvd --format html -o talk.html\n",
        reading(_export),
    )
    export.add_argument(
        "-o",
        "--output",
        default=STDOUT,
        type=output_file,
        metavar="FILE",
        help="write to this file, or to this folder under the session's title (- is stdout); your "
        "own files are never overwritten",
    )
    for command in (show, export):
        _add_id(command)
        command.add_argument(
            "--format",
            choices=tuple(ENDINGS),
            help="the default is that of the file's ending, otherwise markdown",
        )


def _add_id(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ID", help="the session's id, or enough of its beginning")


run = run_chosen


async def _export(services: LocalServices, args: argparse.Namespace) -> int:
    from groqchat.reports.session_reports import SESSION_REPORTS
    from groqchat.services.sessions.exports import exported

    session = await found_session(services.store, args.id)
    output: Path = getattr(args, "output", STDOUT)
    form = "json" if args.json else args.format or _form_of(output)
    archive = await services.store.archive(session.id)
    text = exported(archive, form, SESSION_REPORTS) if archive else ""
    if output is STDOUT:
        write(text)
    else:
        _save(services, session, output, form, text)
    return ExitCode.DONE


def _form_of(output: Path) -> str:
    try:
        named = None if output is STDOUT or output.is_dir() else form_of(output.name)
    except ValueError as mistake:
        raise MisuseError(f"{mistake}; --format writes any of them") from None
    return named or "markdown"


# Errors of a path as it was written; all others, such as a full disk, are the machine's.
_MISTAKEN_PATH = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL}


def _save(services: LocalServices, session: Session, output: Path, form: str, text: str) -> None:
    def is_ours(there: str) -> bool:
        return is_own_export(there, session.id)

    is_folder = output.is_dir()
    path = output / (file_name(session.title, session.id) + ENDINGS[form]) if is_folder else output
    try:
        saved = services.save_export(path, text, is_ours, is_chosen=is_folder)
    except StorageError as error:
        reason = error.__cause__
        if isinstance(reason, OSError) and reason.errno not in _MISTAKEN_PATH:
            raise
        raise MisuseError(f"cannot write {error.facts.detail}") from None
    if saved is None:
        raise MisuseError(f"{path} {NOT_OURS}")
    narrate(f"Written to {saved}.", DIM)
