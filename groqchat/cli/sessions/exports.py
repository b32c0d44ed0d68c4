"""``groqchat sessions show`` and ``export``: one session as text, on stdout or in a file."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from groqchat.cli.arguments import STDOUT, add_id, check_output, output_file, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.found_session import found_session
from groqchat.cli.output import DIM, narrate, write
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
    from groqchat.services.sessions.exports import ExportOptions

_EXAMPLES = """\
groqchat sessions export 1m82pjvd --format html -o talk.html
groqchat sessions export 1m82pjvd --redact --front-matter -o notes/
groqchat sessions export 1m82pjvd --openai >> training.jsonl
"""


def declare_export(commands: Commands) -> None:
    """Declare the commands ``show`` and ``export``."""
    show = subcommand(
        commands,
        "show",
        "print one session",
        "groqchat sessions show 1m82pjvd\n",
        reading(_exported),
    )
    export = subcommand(
        commands,
        "export",
        "write one session to a file or to stdout",
        _EXAMPLES,
        reading(_exported),
    )
    export.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="FILE",
        help="write to this file, or to this folder (a name that ends with / makes one) under the "
        "session's title (- is stdout); your own files are never overwritten",
    )
    _add_options(export)
    show.set_defaults(output="-", front_matter=False, redact=False, openai=False)
    for command in (show, export):
        add_id(command, "session")
        command.add_argument(
            "--format",
            choices=tuple(ENDINGS),
            help="the default is that of the file's ending, otherwise markdown",
        )


def _add_options(export: argparse.ArgumentParser) -> None:
    export.add_argument(
        "--redact",
        action="store_true",
        help="replace keys and other secrets by marks such as gsk_…, in any form",
    )
    export.add_argument(
        "--front-matter",
        action="store_true",
        help="begin Markdown with title, id, times, model and cost as YAML",
    )
    export.add_argument(
        "--openai",
        action="store_true",
        help="one JSON line in the shape of OpenAI's API: the messages on show, with the system "
        "prompt",
    )


async def _exported(services: LocalServices, args: argparse.Namespace) -> int:
    from groqchat.reports.session_reports import SESSION_REPORTS
    from groqchat.services.sessions.exports import exported

    session = await found_session(services.store, args.id)
    output = output_file(args.output)
    if output is not STDOUT and args.output.endswith(("/", os.sep)):
        _make_folder(output)
    form, options = _wanted(args, output)
    archive = await services.store.archive(session.id)
    text = exported(archive, form, SESSION_REPORTS, options) if archive else ""
    if output is STDOUT:
        write(text)
    else:
        _save(services, session, output, form, text)
    return ExitCode.DONE


def _wanted(args: argparse.Namespace, output: Path) -> tuple[str, ExportOptions]:
    """The form and the options of an export.

    Raises:
        MisuseError: An option belongs to another form.
    """
    from groqchat.services.sessions.exports import ExportOptions

    form = "json" if args.json else args.format
    options = ExportOptions(args.front_matter, args.redact, args.openai)
    if form is None and options.is_for_openai and (output is STDOUT or output.is_dir()):
        form = "jsonl"
    form = form or _form_of(output)
    if options.is_for_openai and form != "jsonl":
        raise MisuseError(f"--openai is a form of JSON lines, not of {form}: add --format jsonl")
    if options.has_front_matter and form != "markdown":
        raise MisuseError(f"--front-matter is for Markdown, not for {form}")
    return form, options


def _form_of(output: Path) -> str:
    try:
        named = None if output is STDOUT or output.is_dir() else form_of(output.name)
    except ValueError as mistake:
        raise MisuseError(f"{mistake}; --format writes any of them") from None
    return named or "markdown"


# Errors of a path as it was written; all others, such as a full disk, are the machine's.
_MISTAKEN_PATH = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL}


def _make_folder(path: Path) -> None:
    """Make the folder that a name with a slash at its end asks for.

    Raises:
        MisuseError: It cannot be made.
    """
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise MisuseError(f"cannot make the folder {path}: {error.strerror}") from None


def _save(services: LocalServices, session: Session, output: Path, form: str, text: str) -> None:
    def is_ours(there: str) -> bool:
        return is_own_export(there, session.id)

    if not (is_folder := output.is_dir()):
        check_output(output)
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
