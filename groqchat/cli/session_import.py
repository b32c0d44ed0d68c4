"""``groqchat sessions import``: adds sessions from files, with a bar on a terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.arguments import run_async, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import narrate, print_json, say
from groqchat.cli.prompts import read_piped, read_text
from groqchat.cli.work_bar import work_bar
from groqchat.domain.text.humanize import count, counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.domain.sessions.archive import Archive
    from groqchat.services.ports import SessionStore
    from groqchat.services.sessions.session_imports import ImportResult, Omission, ParsedFile


def declare_import(commands: Commands) -> None:
    """Declare the command."""
    command = subcommand(
        commands,
        "import",
        "add sessions from JSON or JSON lines; existing sessions are not changed",
        "groqchat sessions import talk.json\ngroqchat sessions import - < old.jsonl\n",
        _import,
    )
    command.add_argument(
        "file",
        metavar="FILE",
        help="an export or other messages, in JSON or JSON lines; - is stdin. Ctrl+C loses "
        "nothing: the same command adds what is missing",
    )


def _import(args: argparse.Namespace) -> int:
    text = read_piped() if args.file == "-" else read_text(Path(args.file))
    return run_async(args, lambda services: _imported(services, args, text))


async def _imported(services: LocalServices, args: argparse.Namespace, text: str) -> int:
    from groqchat.services.sessions.session_imports import read_sessions

    with work_bar("Reading", "lines") as show:
        reading = read_sessions(text, services.clock.now(), show)
    if not reading.archives:
        raise MisuseError(f"{args.file}: {_why_nothing(reading)}; nothing was imported")
    for said in (*reading.failed, *reading.left_out):
        narrate(f"Left out, {said.where}: {said.reason}.")
    done = await _stored(services.store, reading.archives)
    if args.json:
        print_json(_document(done, reading))
    else:
        say(f"{count(done.added)} added, {count(done.known)} were there already.")
    return ExitCode.DONE


async def _stored(store: SessionStore, archives: Sequence[Archive]) -> ImportResult:
    """Import sessions with a bar; Ctrl+C tells how far it came."""
    from groqchat.services.sessions.session_imports import import_sessions

    stored = 0
    try:
        with work_bar("Importing", "sessions") as show:

            def progress(done: int, total: int) -> None:
                nonlocal stored
                stored = done
                show(done, total)

            return await import_sessions(store, archives, progress)
    except asyncio.CancelledError:
        narrate(
            f"Stopped. At least {count(stored)} of {counted(len(archives), 'session')} are stored, "
            "each of them whole. The same command adds the rest."
        )
        raise


def _why_nothing(reading: ParsedFile) -> str:
    failed = reading.failed[0] if reading.failed else None
    return f"{failed.where}: {failed.reason}" if failed else "there is nothing in it"


def _document(done: ImportResult, reading: ParsedFile) -> dict[str, object]:
    return {
        "added": done.added,
        "present": done.known,
        "known": done.known,
        "messages": done.messages,
        "failed": [_left_out(said) for said in reading.failed],
        "left_out": [_left_out(said) for said in reading.left_out],
    }


def _left_out(said: Omission) -> dict[str, object]:
    return {"title": said.title or None, "where": said.where, "reason": said.reason}
