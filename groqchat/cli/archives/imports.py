"""``groqchat sessions import``: adds sessions from files, with a bar on a terminal."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.arguments import run_async, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import narrate, print_json, say
from groqchat.cli.work_bar import work_bar
from groqchat.domain.text.humanize import count, counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.services.sessions.session_imports import ImportResult, Omission, ParsedFile

AUTO = "auto"
FORMATS = (
    AUTO, "groqchat", "chatgpt", "claude", "openwebui", "llm", "elia", "oterm", "parllama",
)  # fmt: skip
"""The formats that can be named, as `groqchat.storage.imports.sources.FORMS` has them."""

_EXAMPLES = """\
groqchat sessions import talk.json
groqchat sessions import - < old.jsonl
groqchat sessions import chatgpt-export.zip
groqchat sessions import "$(llm logs path)"
groqchat sessions import ~/.local/share/elia/elia.sqlite
groqchat sessions import ~/.local/share/oterm/store.db
groqchat sessions import ~/.local/share/parllama/chats/*.json

The readers of elia, llm, oterm and parllama were tried on files that these programs wrote; those of
ChatGPT, Claude and Open WebUI only on files made after descriptions of their exports.
"""
# Of sessions that cannot be read, so many are named; JSON names all.
_MOST_NAMED = 20


def declare_import(commands: Commands) -> None:
    """Declare the command."""
    command = subcommand(
        commands,
        "import",
        "add sessions from JSON, JSON lines, exports of other chats (ZIP too) and databases of "
        "other clients; sessions that are there only get the messages that they lack",
        _EXAMPLES,
        _import,
    )
    command.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="an export, other messages in JSON or JSON lines, or a database, which is only read; "
        "- is stdin. Ctrl+C loses nothing: the same command adds what is missing",
    )
    command.add_argument(
        "--from",
        dest="form",
        choices=FORMATS,
        default=AUTO,
        help="the program that wrote the file (auto: by its content)",
    )


def _import(args: argparse.Namespace) -> int:
    from groqchat.services.sessions.session_imports import EMPTY, ImportResult, ParsedFile

    result = ImportResult()
    try:
        reading = _read(args)
    except KeyboardInterrupt:  # nothing is stored yet
        return _interrupted(args, result, ParsedFile())
    if not reading.archives and not reading.omitted[EMPTY]:
        raise MisuseError(f"{_named(args)}: {_why_nothing(reading)}; nothing was imported")
    _narrate(reading)
    try:
        return run_async(args, lambda services: _stored(services, args, reading, result))
    except KeyboardInterrupt:
        stored = count(result.added + result.known)
        narrate(
            f"Stopped. {stored} of {counted(len(reading.archives), 'session')} are stored, "
            "each of them whole. The same command adds the rest."
        )
        return _interrupted(args, result, reading)


def _interrupted(args: argparse.Namespace, result: ImportResult, reading: ParsedFile) -> int:
    if args.json:
        print_json({**_document(result, reading), "interrupted": True})
    return ExitCode.INTERRUPTED


def _named(args: argparse.Namespace) -> str:
    return ", ".join(args.files)


def _read(args: argparse.Namespace) -> ParsedFile:
    """All that is in the files; a file that cannot be read at all refuses the others only alone."""
    from groqchat.services.sessions.session_imports import Omission, ParsedFile
    from groqchat.storage.imports.sources import read_source, read_stream

    form = None if args.form == AUTO else args.form
    reading = ParsedFile()
    for name in args.files:
        with work_bar("Reading", "parts") as show:
            try:
                found = (
                    read_stream(sys.stdin.buffer, time.time(), show, form)
                    if name == "-"
                    else read_source(Path(name), time.time(), show, form)
                )
            except (OSError, ValueError) as error:
                why = f"cannot read {name}: {error.strerror}" if isinstance(error, OSError) else ""
                said = why or f"{'the piped input' if name == '-' else name} {error}"
                if len(args.files) == 1:
                    raise MisuseError(said) from None
                reading.failed.append(Omission(name, said))
                continue
        if len(args.files) == 1:
            return found
        reading.add(found, name)
    return reading


def _narrate(reading: ParsedFile) -> None:
    """Tell what of the files is not imported."""
    from groqchat.services.sessions.import_words import omitted_words

    said = (*reading.failed, *reading.left_out)
    for each in said[:_MOST_NAMED]:
        title = f" ({each.title})" if each.title and each in reading.failed else ""
        narrate(f"Left out, {each.where}{title}: {each.reason}.")
    if len(said) > _MOST_NAMED:
        narrate(f"Left out, {count(len(said) - _MOST_NAMED)} more; --json names all.")
    if omitted := omitted_words(reading):
        narrate(f"Not imported: {omitted}.")
    for remark in reading.remarks:
        narrate(remark)


async def _stored(
    services: LocalServices, args: argparse.Namespace, reading: ParsedFile, result: ImportResult
) -> int:
    """Import sessions with a bar."""
    from groqchat.services.sessions.import_words import import_words
    from groqchat.services.sessions.session_imports import import_sessions

    with work_bar("Importing", "sessions") as show:
        await import_sessions(services.store, reading.archives, show, result)
    if args.json:
        print_json(_document(result, reading))
    else:
        say(import_words(result))
    return ExitCode.DONE


def _why_nothing(reading: ParsedFile) -> str:
    failed = reading.failed[0] if reading.failed else None
    return f"{failed.where}: {failed.reason}" if failed else "there is nothing in it"


def _document(done: ImportResult, reading: ParsedFile) -> dict[str, object]:
    return {
        "added": done.added,
        "present": done.known,
        "known": done.known,
        "grown": done.grown,
        "messages": done.messages,
        "failed": _listed(reading.failed),
        "left_out": _listed(reading.left_out),
        "omitted": {what: number for what, number in reading.omitted.items() if number},
        "remarks": list(reading.remarks),
    }


def _listed(omissions: Sequence[Omission]) -> list[dict[str, object]]:
    return [
        {"title": each.title or None, "where": each.where, "reason": each.reason}
        for each in omissions
    ]
