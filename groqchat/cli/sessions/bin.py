"""``groqchat sessions delete``, ``restore`` and ``bin``: deleted sessions are kept for 30 days."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from groqchat.cli.arguments import subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.found_session import NO_SESSION, found_session, prefix_length
from groqchat.cli.output import DIM, narrate, print_json, say, table
from groqchat.cli.sessions.lists import day, document
from groqchat.cli.sessions.running import reading, writing
from groqchat.domain.sessions.groups import days_left
from groqchat.domain.text.humanize import count, counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.domain.turns.chat import Session

_ID = "a session's id, or enough of its beginning"


def declare_bin(commands: Commands) -> None:
    """Declare the commands."""
    delete = subcommand(
        commands,
        "delete",
        "put sessions into the bin for 30 days, all of them or none",
        "groqchat sessions delete 1m82pjvd 1m82pjw0\n"
        "groqchat sessions delete --forever -y 1m82pjvd\n",
        writing(_delete),
    )
    delete.add_argument(
        "--forever", action="store_true", help="delete them for good, also those in the bin"
    )
    restore = subcommand(
        commands,
        "restore",
        "take sessions out of the bin, all of them or none",
        "groqchat sessions restore 1m82pjvd\n",
        writing(_restore),
    )
    delete.add_argument("ids", nargs="+", metavar="ID", help=_ID)
    restore.add_argument("ids", nargs="+", metavar="DELETED", help=_ID)
    listed = subcommand(
        commands,
        "bin",
        "list the deleted sessions, the last deleted first",
        "groqchat sessions bin\ngroqchat sessions bin --empty -y\n",
        _bin,
    )
    listed.add_argument("--empty", action="store_true", help="delete all of them for good")
    for command in (delete, listed):
        command.add_argument("-y", "--yes", action="store_true", help="do not ask")


async def _delete(services: LocalServices, args: argparse.Namespace) -> int:
    # A session that is named twice is one.
    found = {
        each.id: each
        for each in [await _found(services, name, in_bin=args.forever) for name in args.ids]
    }
    sessions = list(found.values())
    if args.forever:
        if not _agreed(sessions, yes=args.yes):
            narrate("Nothing was deleted.")
            return ExitCode.DONE
        await services.store.delete_sessions(list(found))
    else:
        await services.bin.put(list(found))
    _tell(sessions, args, "Deleted for good:" if args.forever else "In the bin:")
    if not args.forever and not args.json:
        name = sessions[0].id
        narrate(f"For 30 days `groqchat sessions restore {name}` brings it back.", DIM)
    return ExitCode.DONE


async def _restore(services: LocalServices, args: argparse.Namespace) -> int:
    found = {each.id: each for each in [await _in_bin(services, name) for name in args.ids]}
    await services.bin.restore(list(found))
    _tell(list(found.values()), args, "Restored:")
    return ExitCode.DONE


def _bin(args: argparse.Namespace) -> int:
    return (writing(_empty) if args.empty else reading(_list))(args)


async def _list(services: LocalServices, args: argparse.Namespace) -> int:
    sessions = await services.bin.sessions()
    now = services.clock.now()
    if args.json:
        print_json([document(each) | {"deleted": each.deleted} for each in sessions])
    elif sessions:
        shown = await prefix_length(services.store, [session.id for session in sessions])
        rows = [
            [each.id[:shown], day(each.deleted or now), str(days_left(each.deleted or now, now)),
             each.title]
            for each in sessions
        ]  # fmt: skip
        table(("id", "deleted", "days left>", "title"), rows)
    else:
        narrate("The bin is empty.")
    return ExitCode.DONE


async def _empty(services: LocalServices, args: argparse.Namespace) -> int:
    sessions = await services.bin.sessions()
    if sessions and not _agreed(sessions, yes=args.yes):
        narrate("Nothing was deleted.")
        return ExitCode.DONE
    await services.store.delete_sessions([each.id for each in sessions])
    if args.json:
        print_json({"ids": [each.id for each in sessions]})
    else:
        say(f"{counted(len(sessions), 'session')} deleted for good.")
    return ExitCode.DONE


async def _found(services: LocalServices, name: str, *, in_bin: bool) -> Session:
    """The session of a name; where the bin counts too, one that is there if no other is meant."""
    if in_bin and await services.store.session(name) is None and await services.bin.found(name):
        return await _in_bin(services, name)
    return await found_session(services.store, name)


async def _in_bin(services: LocalServices, name: str) -> Session:
    ids = await services.bin.found(name)
    if len(ids) > 1:
        raise MisuseError(f"ambiguous: {name!r} is the beginning of {' and '.join(ids)}")
    for session in await services.bin.sessions():
        if ids == [session.id]:
            return session
    where = (
        "; it is not deleted" if await services.store.session(name) else
        "; see `groqchat sessions bin`"
    )  # fmt: skip
    raise MisuseError(f"{NO_SESSION.format(name)} in the bin{where}")


def _tell(sessions: Sequence[Session], args: argparse.Namespace, done: str) -> None:
    if args.json:
        print_json({"id": sessions[0].id, "ids": [each.id for each in sessions]})
        return
    for session in sessions:
        say(f"{done} {session.id} ({session.title}).")


def _agreed(sessions: Sequence[Session], *, yes: bool) -> bool:
    """Whether sessions may be deleted for good; asks unless that was answered with ``-y``."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise MisuseError(
            "stdin is not a terminal, so you cannot be asked; -y deletes without asking"
        )
    turns = counted(sum(session.turns for session in sessions), "turn")
    titles = [repr(session.title) for session in sessions]
    for title in titles if len(titles) > 1 else ():
        narrate(title)
    named = titles[0] if len(titles) == 1 else f"these {count(len(titles))} sessions"
    narrate(f"Delete {named} with {turns} permanently? [y/N]")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
