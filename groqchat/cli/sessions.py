"""``groqchat sessions``: find, read, export, import and delete saved conversations."""

from __future__ import annotations

import errno
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.archives.imports import declare_import
from groqchat.cli.arguments import (
    STDOUT,
    add_json,
    limit,
    output_file,
    run_async,
    run_chosen,
    subcommand,
)
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.found_session import found_session, prefix_length
from groqchat.cli.output import BOLD, DIM, narrate, print_json, say, table, write
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.text.humanize import count, counted, exact_money
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.services.sessions.export_files import (
    ENDINGS,
    NOT_OURS,
    file_name,
    form_of,
    is_own_export,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.domain.turns.chat import Session

HELP = "list, search, show, export, import and delete conversations"
EXAMPLES = """\
groqchat sessions list
groqchat sessions search 'limit "per day"'
groqchat sessions export 1m82pjvd --format html > talk.html
groqchat sessions import old.jsonl
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for declare in (_declare_lists, _declare_export, declare_import, _declare_delete):
        declare(commands)
    for command in commands.choices.values():
        add_json(command)


def _declare_lists(commands: Commands) -> None:
    listed = subcommand(
        commands,
        "list",
        "list sessions, the last used first",
        "groqchat sessions list -n 10\n",
        _with(_list),
    )
    search = subcommand(
        commands,
        "search",
        'find words in all messages; "in quotes", a phrase',
        "groqchat sessions search 'limit \"per day\"'\n",
        _with(_search),
    )
    search.add_argument("query", metavar="WORDS")
    for command in (listed, search):
        command.add_argument(
            "-n", "--limit", type=limit, default=50, help="the most to list (50); 0: all"
        )


def _declare_export(commands: Commands) -> None:
    show = subcommand(
        commands, "show", "print one session", "groqchat sessions show 1m82pjvd\n", _with(_export)
    )
    export = subcommand(
        commands,
        "export",
        "write one session to a file or to stdout",
        "groqchat sessions export 1m82pjvd --format html -o talk.html\n",
        _with(_export),
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


def _declare_delete(commands: Commands) -> None:
    command = subcommand(
        commands,
        "delete",
        "delete sessions permanently, all of them or none",
        "groqchat sessions delete 1m82pjvd\ngroqchat sessions delete -y 1m82pjvd 1m82pjw0\n",
        _with(_delete, may_forget=False),
    )
    command.add_argument(
        "ids", nargs="+", metavar="ID", help="a session's id, or enough of its beginning"
    )
    command.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _add_id(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ID", help="the session's id, or enough of its beginning")


run = run_chosen


def _with(
    act: Callable[[LocalServices, argparse.Namespace], Awaitable[int]], *, may_forget: bool = True
) -> Callable[[argparse.Namespace], int]:
    return lambda args: run_async(args, lambda services: act(services, args), may_forget=may_forget)


async def _list(services: LocalServices, args: argparse.Namespace) -> int:
    sessions = await services.store.sessions(limit=args.limit)
    if args.json:
        print_json([_document(session) for session in sessions])
    elif sessions:
        shown = await prefix_length(services.store, [session.id for session in sessions])
        rows = [_row(session, session.id[:shown]) for session in sessions]
        table(("id", "used", "turns>", "cost.>", "kind", "title"), rows)
    else:
        narrate("There are no sessions yet.")
    return ExitCode.DONE


async def _search(services: LocalServices, args: argparse.Namespace) -> int:
    hits = await services.store.search(args.query, limit=args.limit)
    if args.json:
        print_json(
            [
                {
                    "session_id": hit.session_id,
                    "title": hit.session_title,
                    "kind": hit.session_kind,
                    "message_id": hit.message_id,
                    "role": hit.role,
                    "created": hit.created,
                    "snippet": "".join(text for text, _ in hit.snippet),
                }
                for hit in hits
            ]
        )
        return ExitCode.DONE
    for hit in hits:
        kind = "" if hit.session_kind is SessionKind.CHAT else f"{hit.session_kind}  "
        say(f"{hit.session_id}  {_day(hit.created)}  {kind}{hit.session_title}", BOLD)
        say("    " + " ".join("".join(text for text, _ in hit.snippet).split()))
    if not hits:
        narrate("No message matches.")
    return ExitCode.DONE


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


async def _delete(services: LocalServices, args: argparse.Namespace) -> int:
    # A session that is named twice is one.
    found = {
        each.id: each for each in [await found_session(services.store, name) for name in args.ids]
    }
    sessions = list(found.values())
    if not args.yes:
        if not sys.stdin.isatty():
            raise MisuseError(
                "stdin is not a terminal, so you cannot be asked; -y deletes without asking"
            )
        if not _agreed(sessions):
            narrate("Nothing was deleted.")
            return ExitCode.DONE
    await services.store.delete_sessions(list(found))
    if args.json:
        print_json({"id": sessions[0].id, "ids": list(found)})
    else:
        for session in sessions:
            say(f"Deleted {session.id} ({session.title}).")
    return ExitCode.DONE


def _agreed(sessions: Sequence[Session]) -> bool:
    turns = counted(sum(session.turns for session in sessions), "turn")
    titles = [repr(session.title) for session in sessions]
    for title in titles if len(titles) > 1 else ():
        narrate(title)
    named = titles[0] if len(titles) == 1 else f"these {count(len(titles))} sessions"
    narrate(f"Delete {named} with {turns} permanently? [y/N]")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _document(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "title": session.title,
        "created": session.created,
        "updated": session.updated,
        "model": session.model,
        "kind": session.kind,
        "turns": session.turns,
        "cost_usd": None if session.cost is None else usd_string(session.cost),
    }


def _row(session: Session, name: str) -> list[str]:
    cost = exact_money(session.cost) if session.cost is not None else "-"
    kind = "" if session.kind is SessionKind.CHAT else session.kind
    return [name, _day(session.updated), count(session.turns), cost, kind, session.title]


def _day(time: float) -> str:
    try:
        return datetime.fromtimestamp(time).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, OSError, ValueError):  # whatever a file that was imported once said
        return "unknown"
